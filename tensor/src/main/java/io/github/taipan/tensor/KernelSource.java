package io.github.taipan.tensor;

/**
 * Code that a device executes for a primitive, for people to read.
 *
 * @param kernel its name
 * @param language of the text: Java, OpenCL C, CUDA C, PTX
 * @param text the source
 */
public record KernelSource(String kernel, String language, String text) {}
