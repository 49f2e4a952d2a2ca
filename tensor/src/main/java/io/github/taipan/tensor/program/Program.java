package io.github.taipan.tensor.program;

import io.github.taipan.tensor.Constants;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.Recording;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Work on tensors as data: a list of launches, recorded once for given input shapes. Most of its
 * tensors are unmade ({@link Recording#isUnmade}): they get storage when the program is {@linkplain
 * #load loaded}. Others, such as weights, were there when it was recorded and are used where they
 * are.
 *
 * @param device what it was recorded on and runs on
 * @param inputs unmade tensors to be written before each run
 * @param launches in order
 * @param outputs what a run leaves to be read
 * @param constants where tensors that the program only reads will never be written by anybody else
 *     either: what is derived from them; else null
 */
public record Program(
    Device device,
    List<Tensor> inputs,
    List<Launch> launches,
    List<Tensor> outputs,
    @Nullable Constants constants) {

  /** Copies the lists. */
  public Program {
    inputs = List.copyOf(inputs);
    launches = List.copyOf(launches);
    outputs = List.copyOf(outputs);
  }

  /**
   * Records work whose tensors may change between runs, such as a step of training.
   *
   * @param work is called once, with unmade tensors of these shapes; returns the outputs
   */
  public static Program record(
      Device device, List<Shape> inputs, UnaryOperator<List<Tensor>> work) {
    return record(device, inputs, null, work);
  }

  /**
   * Records work on tensors that stay as they are, such as a network that only restores.
   *
   * @param constants takes these tensors; shared by all programs that use them
   */
  public static Program record(
      Device device,
      List<Shape> inputs,
      @Nullable Constants constants,
      UnaryOperator<List<Tensor>> work) {
    List<Tensor> unmade = inputs.stream().map(s -> Recording.unmade(device, s)).toList();
    List<Tensor> outputs = new ArrayList<>();
    List<Launch> launches = Recording.of(() -> outputs.addAll(work.apply(unmade)));
    if (constants != null) {
      launches.stream()
          .flatMap(launch -> launch.inputs().stream())
          .filter(tensor -> !Recording.isUnmade(tensor))
          .forEach(constants::hold);
    }
    return new Program(device, unmade, launches, outputs, constants);
  }

  /** The same inputs and outputs by other launches. */
  Program with(List<Launch> others) {
    return new Program(device, inputs, others, outputs, constants);
  }

  /** This program after some passes, in order. */
  public Program after(List<Pass> passes) {
    Program program = this;
    for (Pass pass : passes) {
      program = pass.apply(program);
    }
    return program;
  }

  /**
   * What the tensors of a program take, in bytes; what it only reads, such as weights, does not
   * count.
   *
   * @param values with storage of its own for each
   * @param alive the most that is needed at the same time: a bound for any plan
   * @param allocated when loaded
   */
  public record Memory(long values, long alive, long allocated) {}

  /** What its tensors will take. */
  public Memory memory() {
    return BufferPlan.of(this).memory();
  }

  /** Gives all tensors storage, and makes the launches ready to run. */
  public LoadedProgram load() {
    return LoadedProgram.of(this);
  }

  /** Floating-point operations of a run. */
  public long flops() {
    return launches.stream().mapToLong(Launch::flops).sum();
  }

  /** Bytes that the launches of a run read and write. */
  public long bytes() {
    return launches.stream().mapToLong(Launch::bytes).sum();
  }
}
