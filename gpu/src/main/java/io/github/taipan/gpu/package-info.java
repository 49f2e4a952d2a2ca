/**
 * The GPU device, on TornadoVM. What is here finds the SDK and says what is missing; kernels and
 * the device itself lie in {@code src/main/tornado}, which is compiled where an SDK is found.
 *
 * <p>A primitive comes to launches in a class {@code ...Launches}, of device code in a class {@code
 * ...Kernels}; all device code is listed in {@code Kernel}.
 */
@NullMarked
package io.github.taipan.gpu;

import org.jspecify.annotations.NullMarked;
