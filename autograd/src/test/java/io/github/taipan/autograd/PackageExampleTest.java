package io.github.taipan.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.reference.ReferenceDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Runs the example of the package's description, and holds the two texts equal. */
class PackageExampleTest {
  @Test
  void theExampleRuns() {
    // example
    Device device = new ReferenceDevice();
    Variable x = Variable.constant(device.tensor(Shape.of(2, 2), 1, 2, 3, 4));
    Variable target = Variable.constant(device.tensor(Shape.of(2, 1), 5, 11));
    Variable weight = Variable.parameter(device.zeros(Shape.of(2, 1)));
    Variable loss = Losses.mseLoss(Functions.matmul(x, weight), target); // 73
    loss.backward();
    Tensor gradient = Objects.requireNonNull(weight.gradient()); // -38, -54
    Variable step = Functions.multiply(Variable.constant(gradient), -0.01);
    device.write(weight.value(), Functions.add(weight.detach(), step).value().toDoubles());
    weight.clearGradient();
    // end
    assertEquals(73, loss.value().item());
    assertArrayEquals(new double[] {-38, -54}, gradient.toDoubles());
    assertArrayEquals(new double[] {0.38, 0.54}, weight.value().toDoubles(), 1e-12);
  }

  @Test
  void theDescriptionShowsTheSameLines() throws IOException {
    String folder = "/java/io/github/taipan/autograd/";
    List<String> test = lines("src/test" + folder + "PackageExampleTest.java");
    List<String> description = lines("src/main" + folder + "package-info.java");
    List<String> example = test.subList(test.indexOf("// example") + 1, test.indexOf("// end"));
    int start = description.indexOf("{@snippet :") + 1;
    assertEquals(example, description.subList(start, start + example.size()));
  }

  private static List<String> lines(String file) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .map(line -> line.replaceFirst("^\\s*(\\* ?)?", ""))
        .toList();
  }
}
