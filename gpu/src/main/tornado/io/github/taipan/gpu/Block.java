package io.github.taipan.gpu;

/**
 * A piece of the device's memory.
 *
 * @param offset where it starts, in values
 * @param length how many values it has
 */
record Block(int offset, int length) {}
