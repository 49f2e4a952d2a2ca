package io.github.taipan.gpu;

import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task3;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * All device code: each constant names a method that TornadoVM compiles for the device, and the
 * size of its work-groups. A kernel finds its operands in one array, the device's memory, at the
 * places that its launch array holds; so it is compiled once for all tensors and shapes.
 */
enum Kernel {
  FILL(PointwiseKernels::fillElements),
  MAP(PointwiseKernels::mapElements),
  MAP_GRADIENT(PointwiseKernels::mapGradients),
  COMBINE(PointwiseKernels::combineElements),
  ADAM(PointwiseKernels::stepAdam),
  AVERAGE(PointwiseKernels::moveAverages),
  MOVE(LayoutKernels::moveElements),
  GATHER_SCALARS(LayoutKernels::gatherScalars),
  PAD(LayoutKernels::padElements),
  PAD_GRADIENT(LayoutKernels::padGradients),
  REDUCE(ReductionKernels::reduceSlices),
  REDUCE_GROUPS(ReductionKernels::reduceGroups, ReductionKernels.GROUP, 1),
  SPREAD_MAXIMA(ReductionKernels::spreadMaxima),
  NORM(NormalizationKernels::normRows, NormalizationKernels.LANES, NormalizationKernels.ROWS),
  NORM_GRADIENT(
      NormalizationKernels::normGradients, NormalizationKernels.LANES, NormalizationKernels.ROWS),
  NORM_SHORT_GRADIENT(NormalizationKernels::normShortGradients),
  NORM_PARAMETER_GRADIENT(NormalizationKernels::normParameterGradients),
  SHUFFLE(ResamplingKernels::shufflePixels),
  RESIZE(ResamplingKernels::resizePixels),
  POOL_MAXIMA(ResamplingKernels::poolMaxima),
  POOL_GRADIENT(ResamplingKernels::poolGradients),
  SCAN_SUMMARIZE(ScanKernels::summarizeChunks),
  SCAN_COMBINE(ScanKernels::combineChunks, ScanKernels.COMBINE_GROUP, 1),
  SCAN_OUTPUT(ScanKernels::outputChunks),
  SCAN_SUMMARIZE_BOTH(ScanGradientKernels::summarizeBoth),
  SCAN_WALK_BACK(ScanGradientKernels::walkBack, ScanGradientKernels.LANES, 1),
  SCAN_SUM_WEIGHTS(ScanGradientKernels::sumWeights),
  SCAN_SUM_PARAMETERS(
      ScanGradientKernels::sumParameters, ScanGradientKernels.COLUMNS, ScanGradientKernels.SLICES),
  MATRIX_PRODUCT(MatrixKernels::multiplyMatrices, MatrixKernels.GROUP, 1),
  CONVOLUTION(ConvolutionKernels::convolveTiles, MatrixKernels.GROUP, 1),
  CONVOLUTION_WEIGHT(ConvolutionKernels::weighTiles, MatrixKernels.GROUP, 1),
  DEPTHWISE(DepthwiseKernels::convolveChannels),
  DEPTHWISE_WEIGHT(DepthwiseKernels::weighChannels);

  /** The most values that a launch array has. */
  static final int ARGUMENTS = 48;

  private static final int GROUP = 128;

  /** A kernel's method. It can be serialized, which tells its name. */
  interface Code extends Task3<KernelContext, FloatArray, IntArray>, Serializable {}

  private final Code code;
  private final int groupX;
  private final int groupY;

  Kernel(Code code) {
    this(code, GROUP, 1);
  }

  Kernel(Code code, int groupX, int groupY) {
    this.code = code;
    this.groupX = groupX;
    this.groupY = groupY;
  }

  Code code() {
    return code;
  }

  /** The class and the name of its method. */
  String[] method() {
    try {
      Method replace = code.getClass().getDeclaredMethod("writeReplace");
      replace.setAccessible(true);
      SerializedLambda lambda = (SerializedLambda) replace.invoke(code);
      String type = lambda.getImplClass();
      return new String[] {type.substring(type.lastIndexOf('/') + 1), lambda.getImplMethodName()};
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The threads of a work-group along the first axis. */
  int groupX() {
    return groupX;
  }

  /** The threads of a work-group along the second axis. */
  int groupY() {
    return groupY;
  }

  /** One thread for each of so many elements, of which there is at least one. */
  KernelLaunch over(int count, int... arguments) {
    return new KernelLaunch(this, Math.ceilDiv(count, groupX), 1, 1, arguments);
  }

  /** So many work-groups along three axes. */
  KernelLaunch groups(int x, int y, int z, int... arguments) {
    return new KernelLaunch(this, x, y, z, arguments);
  }
}
