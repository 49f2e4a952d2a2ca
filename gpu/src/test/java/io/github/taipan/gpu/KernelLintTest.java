package io.github.taipan.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Device code keeps to what TornadoVM compiles as Java means it. */
class KernelLintTest {
  private static final Path SOURCES = Path.of("src/main/tornado/io/github/taipan/gpu");

  /** A kernel and the comment before it, if it has one. */
  private static final Pattern KERNEL =
      Pattern.compile(
          "(/\\*\\*(?:(?!\\*/).)*\\*/)?\\s*static void (\\w+)\\(\\s*KernelContext", Pattern.DOTALL);

  @Test
  void allKernelsAreClean() throws IOException {
    List<String> findings = new ArrayList<>();
    for (Path file : kernels()) {
      KernelLint.check(Files.readString(file))
          .forEach(finding -> findings.add(file.getFileName() + ", " + finding));
    }
    assertEquals(List.of(), findings);
  }

  /** What a launch array holds is said where it is read. */
  @Test
  void everyKernelDocumentsItsLaunchArray() throws IOException {
    List<String> undocumented = new ArrayList<>();
    for (Path file : kernels()) {
      Matcher kernel = KERNEL.matcher(Files.readString(file));
      while (kernel.find()) {
        if (kernel.group(1) == null || !kernel.group(1).contains("Launch:")) {
          undocumented.add(kernel.group(2));
        }
      }
    }
    assertEquals(List.of(), undocumented);
  }

  private static List<Path> kernels() {
    try (Stream<Path> files = Files.list(SOURCES)) {
      List<Path> kernels = files.filter(f -> f.toString().endsWith("Kernels.java")).toList();
      assertTrue(kernels.size() >= 6, kernels.toString());
      return kernels;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int i = a >>> 1; | a signed shift",
        "a >>>= 1; | a signed shift",
        "throw null; | throw",
        "float x = Math.fma(1f, 2f, 3f); | TornadoMath",
        "float x = Float.float16ToFloat((short) 1); | TornadoMath",
        "boolean b = Float.isNaN(x); | TornadoMath",
        "float[][] m = new float[4][4]; | one dimension",
        "float[] m = {1, 2}; | one dimension",
        "float[] m = new float[a]; for (int i = 0; i < a; i++) { m[i] = 0; } | constant size",
        "float[] m = new float[16]; m[0] += 1; | filled",
        "float[] m = new float[16]; for (int i = 0; i < 16; i++) { m[i] = m[i] + 1; } | filled",
        "float[] m = context.allocateFloatLocalArray(16); addUp(m, a); | elsewhere",
        "context.atomicAdd(memory, 0, 1f); | any order",
        "Object o = new Object(); | new objects",
        "Runnable r = () -> {}; | lambda",
        "try { a = 1; } finally { a = 2; } | try",
      })
  void silentlyWrongConstructsAreFound(String statement, String finding) {
    List<String> findings =
        KernelLint.check(
            "class K { static void kernelCode(int a, float x) { %s } }".formatted(statement));
    assertEquals(1, findings.size(), findings.toString());
    assertTrue(findings.getFirst().startsWith("kernelCode: "), findings.toString());
    assertTrue(findings.getFirst().contains(finding), findings.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"exp", "half", "nan", "max"})
  void namesThatABackendHasTakenAreFound(String name) {
    assertEquals(
        List.of(name + ": is a name that OpenCL or CUDA has taken"),
        KernelLint.check("class K { static void %s() {} }".formatted(name)));
  }

  @Test
  void reductionsByAnnotationAndInstanceMethodsAreFound() {
    assertEquals(
        List.of("total: @Reduce gives wrong sums"),
        KernelLint.check("class K { static void total(@Reduce float[] sum) {} }"));
    assertEquals(List.of("total: is not static"), KernelLint.check("class K { void total() {} }"));
  }

  @Test
  void whatWorksIsLeftAlone() {
    assertEquals(
        List.of(),
        KernelLint.check(
            """
            class K {
              static void scanChunks(int n) {
                float[] h = new float[STATES * 2];
                for (int i = 0; i < STATES * 2; i++) {
                  h[i] = 0;
                }
                for (int i = 0; i < n; i++) {
                  h[0] = h[0] * TornadoMath.exp(1f) + (n >> 1);
                }
              }
            }
            """));
  }
}
