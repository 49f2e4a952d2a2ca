package io.github.taipan.tests.parity;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.cpu.CpuDevice;
import io.github.taipan.tensor.program.LoadedProgram;
import io.github.taipan.tensor.program.Pass;
import io.github.taipan.tensor.program.Program;
import io.github.taipan.tensor.reference.ReferenceDevice;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Work on tensors done at once, or recorded as a program that is then run. */
enum Execution {
  EAGER,
  RECORDED;

  /** A device by its name. */
  static Device open(String name) {
    return name.equals("cpu") ? new CpuDevice() : new ReferenceDevice();
  }

  /** Makes work on these inputs ready to be done again and again: each time, its outputs. */
  Supplier<List<Tensor>> prepare(
      Device device, List<Tensor> inputs, UnaryOperator<List<Tensor>> work) {
    if (this == EAGER) {
      return () -> work.apply(inputs);
    }
    LoadedProgram program =
        Program.record(device, inputs.stream().map(Tensor::shape).toList(), work)
            .after(Pass.TRAINING)
            .load();
    for (int i = 0; i < inputs.size(); i++) {
      device.write(program.inputs().get(i), inputs.get(i).toDoubles());
    }
    return () -> {
      program.run();
      return program.outputs();
    };
  }

  /** The outputs of work on these inputs. */
  List<Tensor> run(Device device, List<Tensor> inputs, UnaryOperator<List<Tensor>> work) {
    return prepare(device, inputs, work).get();
  }
}
