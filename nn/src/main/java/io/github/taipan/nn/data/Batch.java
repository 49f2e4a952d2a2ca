package io.github.taipan.nn.data;

/**
 * What one training step sees: square RGB patches in [0, 1].
 *
 * @param degraded {@code [size, degradedSide, degradedSide, 3]}, the network's input
 * @param truth {@code [size, truthSide, truthSide, 3]}, what it should give
 * @param size number of samples
 * @param degradedSide height and width of an input patch
 * @param truthSide height and width of a target patch
 */
public record Batch(float[] degraded, float[] truth, int size, int degradedSide, int truthSide) {}
