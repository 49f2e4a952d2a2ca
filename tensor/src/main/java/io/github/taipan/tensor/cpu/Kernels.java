package io.github.taipan.tensor.cpu;

import java.util.Optional;

/**
 * The inner loops, which exist twice behind small interfaces: in the Vector API and as plain Java.
 * Blocking and threading around them are shared.
 *
 * @param description which loops these are and why, for {@link CpuDevice#description}
 */
record Kernels(
    String description,
    GemmKernel gemm,
    DepthwiseKernel depthwise,
    UnaryLoops unary,
    RowLoops rows,
    ScanLoops scan,
    NormalizationLoops normalization) {
  private static final String MODULE = "jdk.incubator.vector";

  /** The loops for this machine, chosen once. */
  static Kernels chosen() {
    return Chosen.KERNELS;
  }

  /** The loops in plain Java. */
  static Kernels scalar(String reason) {
    return new Kernels(
        "scalar (" + reason + ")",
        new ScalarGemm(),
        new ScalarDepthwise(),
        new ScalarUnary(),
        new ScalarRows(),
        new ScalarScan(),
        new ScalarNormalization());
  }

  /** The loops in the Vector API. Needs its module: no class named Vector… loads without it. */
  static Kernels vector() {
    return new Kernels(
        VectorWidth.description(),
        VectorWidth.MANY_REGISTERS ? new WideVectorGemm() : new VectorGemm(),
        new VectorDepthwise(),
        new VectorUnary(),
        new VectorRows(),
        new VectorScan(),
        new VectorNormalization());
  }

  /** Whether this JVM was started with the Vector API's module. */
  static boolean vectorsPresent() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  private static Kernels choose(String wanted) {
    if (wanted.equals("scalar")) {
      return scalar("taipan.vector=scalar");
    }
    if (!vectorsPresent()) {
      System.getLogger(CpuDevice.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "The CPU device runs without vectors, many times slower: start Java with"
                  + " --add-modules "
                  + MODULE);
      return scalar("no module " + MODULE);
    }
    return vector();
  }

  private static final class Chosen {
    static final Kernels KERNELS =
        choose(Optional.ofNullable(System.getProperty("taipan.vector")).orElse("auto"));
  }
}
