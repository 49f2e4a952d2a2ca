package io.github.taipan.tensor.program;

import io.github.taipan.tensor.Prepared;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.program.Program.Memory;
import java.util.List;

/**
 * A program with storage for all its tensors, ready to run. A run writes into the same storage each
 * time, so one thread at a time may use it: write the inputs, run, read the outputs.
 */
public final class LoadedProgram {
  private final Program program;
  private final Prepared prepared;
  private final Memory memory;

  private LoadedProgram(Program program, Memory memory) {
    this.program = program;
    this.memory = memory;
    this.prepared = program.device().prepare(program.launches(), program.constants());
  }

  static LoadedProgram of(Program program) {
    BufferPlan plan = BufferPlan.of(program);
    Substitution made = plan.allocate(program.device());
    Program bound =
        new Program(
            program.device(),
            made.in(program.inputs()),
            program.launches().stream().map(made::in).toList(),
            made.in(program.outputs()),
            program.constants());
    return new LoadedProgram(bound, plan.memory());
  }

  /** The tensors to be written before a run. */
  public List<Tensor> inputs() {
    return program.inputs();
  }

  /** The tensors to be read after a run. */
  public List<Tensor> outputs() {
    return program.outputs();
  }

  /** The program, all tensors having storage. */
  public Program program() {
    return program;
  }

  /** What its tensors take. */
  public Memory memory() {
    return memory;
  }

  /** Runs all launches, on the input values as they are now. */
  public void run() {
    prepared.run();
  }

  /** How many kernels a run starts, where the device counts them. */
  public int kernels() {
    return prepared.kernels();
  }

  /** Runs all launches and adds to each one's nanoseconds. */
  public void time(long[] nanos) {
    prepared.time(nanos);
  }
}
