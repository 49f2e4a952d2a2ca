package io.github.taipan.tensor.cpu;

/** What every kernel is given: the threads, and the inner loops to use. */
record Context(Workers workers, Kernels kernels) {}
