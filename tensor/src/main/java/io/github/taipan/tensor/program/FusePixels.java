package io.github.taipan.tensor.program;

import io.github.taipan.tensor.Fused;
import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Joins neighbouring launches that work pixel by pixel on maps of one size. A launch that looks at
 * a pixel's neighbours can only begin such a run, or read what was made before it.
 */
final class FusePixels {
  /** Maps of fewer pixels cannot be cut into pieces for several threads that are still worth it. */
  private static final int FEWEST_PIXELS = 64;

  private final Map<Object, Integer> lastUse = new IdentityHashMap<>();
  private final List<Launch> done = new ArrayList<>();
  private final List<Launch> run = new ArrayList<>();
  private final Set<Object> made = Collections.newSetFromMap(new IdentityHashMap<>());

  private FusePixels(Program program) {
    for (Lifetimes.Lifetime life : Lifetimes.of(program).all()) {
      lastUse.put(life.tensor().storage(), life.to());
    }
  }

  static Program apply(Program program) {
    FusePixels fusing = new FusePixels(program);
    for (int i = 0; i < program.launches().size(); i++) {
      Launch launch = program.launches().get(i);
      if (!fusing.continues(launch)) {
        fusing.close(i);
      }
      if (fusing.continues(launch)) {
        fusing.run.add(launch);
        fusing.made.add(launch.outputs().getFirst().storage());
      } else {
        fusing.done.add(launch);
      }
    }
    fusing.close(program.launches().size());
    return program.with(fusing.done);
  }

  /** Whether a launch can join the run as it stands, or begin one where there is none. */
  private boolean continues(Launch launch) {
    List<Shape> shapes = launch.inputShapes();
    Shape x = shapes.getFirst();
    boolean pixelwise = Fused.isPixelwise(launch.primitive(), shapes);
    boolean neighbourly = x.rank() == 4 && Fused.isNeighbourly(launch.primitive(), shapes);
    return (pixelwise || neighbourly && !made.contains(launch.inputs().getFirst().storage()))
        && x.elements(0, 3) >= FEWEST_PIXELS
        && (run.isEmpty() || x.with(3, 1).equals(size()))
        && launch.inputs().stream().noneMatch(this::isViewedOtherwise);
  }

  /** The size of the maps of this run. */
  private Shape size() {
    return run.getFirst().inputs().getFirst().shape().with(3, 1);
  }

  /** Whether the tensor was made by this run but in another shape. */
  private boolean isViewedOtherwise(Tensor tensor) {
    return made.contains(tensor.storage())
        && run.stream()
            .map(launch -> launch.outputs().getFirst())
            .anyMatch(
                out -> out.storage() == tensor.storage() && !out.shape().equals(tensor.shape()));
  }

  /** Ends the run before the launch of this number. */
  private void close(int end) {
    if (run.size() == 1) {
      done.addAll(run);
    } else if (!run.isEmpty()) {
      done.add(fuse(end));
    }
    run.clear();
    made.clear();
  }

  private Launch fuse(int end) {
    List<Tensor> inputs = new ArrayList<>();
    Map<Object, Integer> numbers = new IdentityHashMap<>();
    for (Launch launch : run) {
      for (Tensor input : launch.inputs()) {
        if (!made.contains(input.storage()) && !inputs.contains(input)) {
          inputs.add(input);
        }
      }
    }
    List<Fused.Part> parts = new ArrayList<>();
    List<Integer> results = new ArrayList<>();
    List<Tensor> outputs = new ArrayList<>();
    for (Launch launch : run) {
      List<Integer> operands =
          launch.inputs().stream()
              .map(
                  input ->
                      made.contains(input.storage())
                          ? numbers.get(input.storage())
                          : (Integer) inputs.indexOf(input))
              .toList();
      Tensor output = launch.outputs().getFirst();
      int number = inputs.size() + parts.size();
      numbers.put(output.storage(), number);
      parts.add(new Fused.Part(launch.primitive(), operands));
      if (lastUse.getOrDefault(output.storage(), -1) >= end) {
        results.add(number);
        outputs.add(output);
      }
    }
    return new Launch(new Fused(inputs.size(), parts, results), inputs, outputs);
  }
}
