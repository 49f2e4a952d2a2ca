/** The CPU device: float32 arrays, the Vector API with a scalar fallback, and a pool of threads. */
@NullMarked
package io.github.taipan.tensor.cpu;

import org.jspecify.annotations.NullMarked;
