package io.github.taipan.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Parameters;
import io.github.taipan.nn.image.Picture;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.DeviceProvider;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.reference.ReferenceDevice;
import io.github.taipan.vmambair.Restorer;
import io.github.taipan.vmambair.model.Task;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library in programs of others: with nothing but this project's modules. */
class LibraryTest {
  private static final String MODULE = "jdk.incubator.vector";

  @TempDir Path folder;

  private Path model;
  private Path picture;

  @BeforeEach
  void makeFiles() throws IOException {
    model = TestFiles.weights(folder.resolve("w.safetensors"), Task.SR4);
    picture = Files.write(folder.resolve("a.png"), TestFiles.encoded("png"));
  }

  /** A program of another project. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws IOException {
      Restorer.load(arguments[0]); // the second says nothing again
      Restorer restorer = Restorer.load(arguments[0]);
      BufferedImage large = restorer.restore(ImageIO.read(new File(arguments[1])));
      ImageIO.write(large, "png", new File(arguments[2]));
      for (String library : List.of("picocli.CommandLine", "org.jspecify.annotations.Nullable")) {
        if (isThere(library)) {
          throw new AssertionError(library + " is on the class path");
        }
      }
    }

    private static boolean isThere(String name) {
      try {
        Class.forName(name);
        return true;
      } catch (ClassNotFoundException e) {
        return false;
      }
    }
  }

  private ChildJava program(List<String> options, Path out) throws Exception {
    String classPath =
        ChildJava.classPath(
            Tensor.class, Variable.class, Parameters.class, Restorer.class, Program.class);
    ChildJava child =
        ChildJava.run(
            ChildJava.command(
                options, classPath, Program.class.getName(), List.of(model, picture, out)));
    assertEquals(0, child.exitCode(), child.err());
    return child;
  }

  @Test
  void worksAloneWithVectorsAndWithout() throws Exception {
    Path scalar = folder.resolve("scalar.png");
    Path vector = folder.resolve("vector.png");
    ChildJava without = program(List.of(), scalar);
    List<String> warnings =
        without.err().lines().filter(line -> line.contains("--add-modules " + MODULE)).toList();
    assertEquals(1, warnings.size(), without.err());
    ChildJava with = program(List.of("--add-modules", MODULE), vector);
    assertTrue(!with.err().contains("--add-modules"), with.err());

    BufferedImage expected = ImageIO.read(scalar.toFile());
    BufferedImage actual = ImageIO.read(vector.toFile());
    assertEquals(48, actual.getWidth());
    assertEquals(40, actual.getHeight());
    int[] left = expected.getRaster().getPixels(0, 0, 48, 40, (int[]) null);
    int[] right = actual.getRaster().getPixels(0, 0, 48, 40, (int[]) null);
    int largest =
        IntStream.range(0, left.length).map(i -> Math.abs(left[i] - right[i])).max().orElseThrow();
    assertTrue(largest <= 1, "scalar and vector kernels differ by " + largest + " of 255");
  }

  @Test
  void oneRestorerServesManyThreads() throws Exception {
    Restorer restorer = Restorer.load(model.toString());
    BufferedImage image = Picture.opaque(TestFiles.scene(20, 24, 3, 5)).toBufferedImage();
    Picture expected = Picture.from(restorer.restore(image));
    AtomicInteger equal = new AtomicInteger();
    List<Thread> threads =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    Thread.ofPlatform()
                        .start(
                            () -> {
                              if (Picture.from(restorer.restore(image)).equals(expected)) {
                                equal.incrementAndGet();
                              }
                            }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(4, equal.get());
  }

  @Test
  void anEnlargementThatNoArrayHoldsIsRefused() throws IOException {
    Restorer restorer = Restorer.load(model.toString());
    Exception e = assertThrows(IllegalArgumentException.class, () -> restorer.plan(8000, 9000));
    assertEquals(
        "a picture of 9000x8000 is too large to be enlarged by 4: more than 715 million pixels",
        e.getMessage());
  }

  /** A machine with a GPU. */
  public static final class GpuOfATest implements DeviceProvider {
    @Override
    public String name() {
      return "gpu";
    }

    @Override
    public Availability availability() {
      return new Availability.Available();
    }

    @Override
    public Optional<String> hardware() {
      return Optional.of("a GPU of a test");
    }

    @Override
    public Device open(int threads) {
      return new ReferenceDevice();
    }
  }

  @Test
  void autoIsTheCpuAndMentionsAGpu() throws Exception {
    Path services = Files.createDirectories(folder.resolve("services/META-INF/services"));
    Files.writeString(services.resolve(DeviceProvider.class.getName()), GpuOfATest.class.getName());
    String classPath =
        folder.resolve("services") + File.pathSeparator + System.getProperty("java.class.path");
    String main = "io.github.taipan.vmambair.cli.Main";
    List<Object> command = List.of("restore", "--model", model, picture);
    List<String> options = List.of("--add-modules", MODULE);
    ChildJava auto = ChildJava.run(ChildJava.command(options, classPath, main, command));
    assertEquals(0, auto.exitCode(), auto.err());
    assertTrue(auto.out().contains(" on cpu: "), auto.out());
    assertTrue(
        auto.err().contains("This machine has a GPU of a test: --device gpu computes on it"),
        auto.err());
  }
}
