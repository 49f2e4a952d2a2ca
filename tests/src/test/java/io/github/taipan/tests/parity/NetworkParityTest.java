package io.github.taipan.tests.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.autograd.Losses;
import io.github.taipan.autograd.NoGradient;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Observation;
import io.github.taipan.nn.Parameters;
import io.github.taipan.tensor.Constants;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.cpu.CpuDevice;
import io.github.taipan.tensor.program.LoadedProgram;
import io.github.taipan.tensor.program.Pass;
import io.github.taipan.tensor.program.Program;
import io.github.taipan.tensor.reference.ReferenceDevice;
import io.github.taipan.tensor.testing.FixtureFile;
import io.github.taipan.tensor.testing.Fixtures;
import io.github.taipan.tensor.testing.HashFill;
import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.Task;
import io.github.taipan.vmambair.model.Variant;
import io.github.taipan.vmambair.model.VmambaIR;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whole networks: output, intermediate activations, the gradient of the input and of every
 * parameter. Tolerances are those of the fixtures' README.
 */
class NetworkParityTest {
  private record Tolerances(
      double output, double activation, double gradient, double medianGradient) {}

  private static final Tolerances TINY = new Tolerances(1e-5, 1e-5, 1e-3, 1e-5);
  private static final Tolerances FULL = new Tolerances(1e-4, 5e-5, 2e-3, 2e-4);

  @ParameterizedTest
  @CsvSource({
    "cpu, DERAIN, derain", "cpu, SR4, sisr", "cpu, REALSR4, realsr",
    "reference, DERAIN, derain", "reference, SR4, sisr", "reference, REALSR4, realsr"
  })
  void tinyNetwork(String device, Task task, String name) throws IOException {
    try (Device on = open(device)) {
      checkTiny(on, task, name, List.of(Run.EAGER));
    }
  }

  /** A tiny network on a device, run in several ways. */
  static void checkTiny(Device device, Task task, String name, List<Run> runs) throws IOException {
    Parameters parameters = Parameters.zeros(device);
    VmambaIR network = tiny(task, name, parameters);
    for (Run run : runs) {
      String title = "%s tiny on %s, %s".formatted(name, device.name(), run);
      check("tiny8_" + name, title, network, parameters, TINY, run);
    }
  }

  @ParameterizedTest
  @CsvSource({"DERAIN, derain", "SR4, sisr", "REALSR4, realsr"})
  void tinyNetworkAsAProgramWithAndWithoutEachPass(Task task, String name) throws IOException {
    try (Device on = open("cpu")) {
      checkTiny(on, task, name, Run.programs());
    }
  }

  private static VmambaIR tiny(Task task, String name, Parameters parameters) throws IOException {
    Configuration configuration = new Configuration(task, 8, List.of(1, 1, 1, 1), 1, Variant.FULL);
    FixtureFile weights = FixtureFile.load("tiny8_" + name + "_weights.safetensors");
    VmambaIR network = new VmambaIR(configuration, parameters);
    assertEquals(weights.names(), parameters.named().keySet());
    parameters
        .named()
        .forEach(
            (key, variable) -> parameters.device().write(variable.value(), weights.values(key)));
    return network;
  }

  @ParameterizedTest
  @CsvSource({"DERAIN, derain, derain", "SR4, sisr, sr4", "REALSR4, realsr, realsr4"})
  void fullNetwork(Task task, String name, String preset) throws IOException {
    try (Device device = new CpuDevice()) {
      checkFull(
          device,
          task,
          name,
          preset,
          List.of(Run.training(Pass.TRAINING), Run.inference(Pass.INFERENCE)));
    }
  }

  /** A network of its preset's size on a device, run in several ways. */
  static void checkFull(Device device, Task task, String name, String preset, List<Run> runs)
      throws IOException {
    Parameters parameters = Parameters.zeros(device);
    VmambaIR network = new VmambaIR(Configuration.named().get(preset), parameters);
    HashWeights.fill(parameters, task);
    for (Run run : runs) {
      String title = "%s full on %s, %s".formatted(name, device.name(), run);
      check("full_" + name, title, network, parameters, FULL, run);
    }
  }

  private static Device open(String device) {
    return device.equals("cpu") ? new CpuDevice() : new ReferenceDevice();
  }

  /**
   * How a network is run: launch by launch, or as a program of its forward and backward pass, or as
   * a program of its forward pass on constants.
   */
  record Run(String name, @Nullable List<Pass> passes, boolean backward) {
    static final Run EAGER = new Run("eager", null, true);

    static Run training(List<Pass> passes) {
      return new Run("training " + passes, passes, true);
    }

    static Run inference(List<Pass> passes) {
      return new Run("inference " + passes, passes, false);
    }

    static List<Run> programs() {
      List<Run> runs = new ArrayList<>(List.of(training(List.of()), inference(List.of())));
      runs.add(training(Pass.TRAINING));
      runs.add(training(List.of(Pass.DROP_DEAD, Pass.FUSE_PIXELS)));
      runs.add(inference(Pass.INFERENCE));
      for (Pass pass : Pass.values()) {
        runs.add(inference(Pass.INFERENCE.stream().filter(other -> other != pass).toList()));
        runs.add(inference(List.of(Pass.FOLD_CONSTANTS, pass)));
      }
      return runs;
    }

    /** All values by name: those of the work itself, or those that its program leaves. */
    Map<String, Tensor> values(
        Device device, List<Tensor> inputs, UnaryOperator<List<Tensor>> work, List<String> names) {
      List<Tensor> results;
      if (passes == null) {
        results = work.apply(inputs);
      } else {
        LoadedProgram program =
            Program.record(
                    device,
                    inputs.stream().map(Tensor::shape).toList(),
                    backward ? null : new Constants(),
                    work)
                .after(passes)
                .load();
        for (int i = 0; i < inputs.size(); i++) {
          device.write(program.inputs().get(i), inputs.get(i).toDoubles());
        }
        program.run();
        results = program.outputs();
      }
      Map<String, Tensor> values = new HashMap<>();
      for (int i = 0; i < names.size(); i++) {
        values.put(names.get(i), results.get(i));
      }
      return values;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Runs the network and gives output, observed values, loss and gradients by name. */
  private static Map<String, Tensor> run(
      VmambaIR network, Parameters parameters, FixtureFile io, Run run) {
    Device device = parameters.device();
    List<String> names = new ArrayList<>();
    UnaryOperator<List<Tensor>> work =
        inputs -> {
          names.clear();
          Map<String, Variable> seen = new LinkedHashMap<>();
          Variable input =
              run.backward ? Variable.parameter(inputs.get(0)) : Variable.constant(inputs.get(0));
          seen.put(
              "whole output", Observation.observe(seen::put, () -> forward(network, input, run)));
          List<Tensor> results = new ArrayList<>();
          seen.forEach(
              (name, variable) -> {
                names.add(name);
                results.add(variable.value());
              });
          if (run.backward) {
            Variable target = Variable.constant(inputs.get(1));
            Variable loss = Losses.l1Loss(seen.get("whole output"), target);
            parameters.clearGradients();
            loss.backward();
            names.addAll(List.of("loss", "gradient of the input"));
            results.addAll(List.of(loss.value(), gradient(input)));
            parameters
                .named()
                .forEach(
                    (name, variable) -> {
                      names.add("gradient of " + name);
                      results.add(gradient(variable));
                    });
            parameters.clearGradients();
          }
          return results;
        };
    List<Tensor> inputs =
        List.of(Layouts.map(device, io, "input"), Layouts.map(device, io, "target"));
    return run.values(device, inputs, work, names);
  }

  private static Variable forward(VmambaIR network, Variable input, Run run) {
    return run.backward ? network.forward(input) : NoGradient.call(() -> network.forward(input));
  }

  private static void check(
      String prefix,
      String title,
      VmambaIR network,
      Parameters parameters,
      Tolerances tolerances,
      Run run)
      throws IOException {
    FixtureFile io = FixtureFile.load(prefix + "_io.safetensors");
    Deviations errors = new Deviations(title);
    Map<String, Tensor> values = run(network, parameters, io, run);
    errors.check(
        "output (absolute)",
        "output",
        Deviations.maximumDifference(
            io.values("output"), Layouts.channelsFirst(values.get("whole output"))),
        tolerances.output);
    for (String key : io.names()) {
      if (key.startsWith("act:") && !isScanInNativeOrder(key)) {
        Tensor activation = values.get(key.substring("act:".length()));
        assertTrue(activation != null, "the network does not show " + key);
        errors.check(
            "activation",
            key,
            Deviations.relativeToMaximum(io.values(key), Layouts.channelsFirst(activation)),
            tolerances.activation);
      }
    }
    if (run.backward) {
      checkBackward(prefix, values, parameters, io, errors, tolerances);
    }
    errors.report();
  }

  private static void checkBackward(
      String prefix,
      Map<String, Tensor> values,
      Parameters parameters,
      FixtureFile io,
      Deviations errors,
      Tolerances tolerances)
      throws IOException {
    errors.check(
        "loss (relative)",
        "loss",
        Deviations.relativeToMaximum(io.values("loss"), values.get("loss").toDoubles()),
        1e-5);
    GradientStatistics statistics = GradientStatistics.read(prefix + "_gradstats.tsv");
    assertEquals(parameters.named().keySet(), statistics.names());
    checkGradient(
        errors,
        "input gradient",
        "input",
        io.values("grad_input"),
        Layouts.channelsFirst(values.get("gradient of the input")),
        statistics.wholeNorm(),
        tolerances.gradient);
    String stored =
        prefix + (prefix.startsWith("tiny") ? "_grads" : "_grads_selected") + ".safetensors";
    FixtureFile gradients = FixtureFile.load(stored);
    for (String key : gradients.names()) {
      checkGradient(
          errors,
          "gradient",
          key,
          gradients.values(key),
          values.get("gradient of " + key).toDoubles(),
          statistics.wholeNorm(),
          tolerances.gradient);
    }
    assertTrue(
        errors.median("gradient") <= tolerances.medianGradient,
        "median gradient error " + errors.median("gradient"));
    for (String key : parameters.named().keySet()) {
      double[] gradient = values.get("gradient of " + key).toDoubles();
      statistics.check(errors, key, gradient, tolerances.gradient);
    }
  }

  /** Relative L2, with a floor of a millionth of the whole gradient: some cancel to nothing. */
  private static void checkGradient(
      Deviations errors,
      String kind,
      String name,
      float[] expected,
      double[] actual,
      double wholeNorm,
      double tolerance) {
    double scale = Math.max(Deviations.norm(expected), 1e-6 * wholeNorm / tolerance);
    errors.check(kind, name, Deviations.distance(expected, actual) / scale, tolerance);
  }

  private static Tensor gradient(Variable variable) {
    Tensor gradient = variable.gradient();
    assertTrue(gradient != null, "no gradient");
    return gradient;
  }

  /** The scans' own tensors are stored path by path; {@code ScanParityTest} looks at those. */
  private static boolean isScanInNativeOrder(String key) {
    return key.contains("#scan_");
  }

  /** Sums over each gradient, among them a projection that a permutation or shift would change. */
  private record GradientStatistics(Map<String, double[]> rows) {
    private static final int ELEMENTS = 0;
    private static final int SUM = 1;
    private static final int ABSOLUTE_SUM = 2;
    private static final int NORM = 3;
    private static final int PROJECTION = 4;

    static GradientStatistics read(String file) throws IOException {
      Map<String, double[]> rows = new LinkedHashMap<>();
      List<String> lines = Files.readAllLines(Fixtures.path(file));
      for (String line : lines.subList(1, lines.size())) {
        String[] cells = line.split("\t", -1);
        double[] row = new double[5];
        for (int i = 0; i < row.length; i++) {
          row[i] = Double.parseDouble(cells[i + 1]);
        }
        rows.put(cells[0], row);
      }
      return new GradientStatistics(rows);
    }

    Set<String> names() {
      return rows.keySet();
    }

    double wholeNorm() {
      double squares = rows.values().stream().mapToDouble(row -> row[NORM] * row[NORM]).sum();
      return Math.sqrt(squares);
    }

    void check(Deviations errors, String name, double[] gradient, double tolerance) {
      double[] row = rows.get(name);
      assertEquals(row[ELEMENTS], gradient.length, name);
      double[] units = HashFill.units("proj:" + name, gradient.length);
      double sum = 0;
      double absolute = 0;
      double projection = 0;
      for (int i = 0; i < gradient.length; i++) {
        sum += gradient[i];
        absolute += Math.abs(gradient[i]);
        projection += gradient[i] * (2 * units[i] - 1);
      }
      // An error vector of relative length tolerance changes a sum over n values by up to √n of it.
      double scale = Math.max(row[NORM], 1e-6 * wholeNorm() / tolerance);
      double sumScale = scale * Math.sqrt(gradient.length);
      errors.check(
          "gradient norm", name, off(Deviations.norm(gradient), row[NORM]) / scale, tolerance);
      errors.check("gradient sum", name, off(sum, row[SUM]) / sumScale, tolerance);
      errors.check("gradient |sum|", name, off(absolute, row[ABSOLUTE_SUM]) / sumScale, tolerance);
      errors.check(
          "gradient projection", name, off(projection, row[PROJECTION]) / sumScale, tolerance);
    }

    private static double off(double actual, double expected) {
      return Math.abs(actual - expected);
    }
  }
}
