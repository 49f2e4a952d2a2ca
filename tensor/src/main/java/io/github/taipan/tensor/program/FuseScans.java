package io.github.taipan.tensor.program;

import io.github.taipan.tensor.Convolution.Conv2d;
import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.Scan.ProjectedScan;
import io.github.taipan.tensor.Scan.SelectiveScan;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Update;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Joins a grouped 1x1 convolution that raises step sizes, a group per path, with the scan that
 * alone uses them.
 */
final class FuseScans {
  /** Of fewer channels, the convolution may add up in another order than the scan. */
  private static final int FEWEST_CHANNELS = 16;

  private final List<Launch> done = new ArrayList<>();
  private final Map<Object, Integer> uses = new IdentityHashMap<>();

  /** The convolutions whose inputs are as they were. */
  private final Map<Object, Launch> raised = new IdentityHashMap<>();

  private FuseScans(Program program) {
    program.launches().forEach(launch -> use(launch.inputs()));
    use(program.outputs());
  }

  static Program apply(Program program) {
    FuseScans fusing = new FuseScans(program);
    program.launches().forEach(fusing::add);
    return program.with(fusing.done);
  }

  private void use(List<Tensor> tensors) {
    tensors.forEach(tensor -> uses.merge(tensor.storage(), 1, Integer::sum));
  }

  private void add(Launch launch) {
    if (launch.primitive() instanceof Update) {
      raised.clear();
    }
    if (raises(launch)) {
      raised.put(launch.outputs().getFirst().storage(), launch);
    }
    Launch projection = projectionOf(launch);
    if (projection == null) {
      done.add(launch);
      return;
    }
    done.removeIf(earlier -> earlier == projection);
    List<Tensor> inputs = new ArrayList<>(launch.inputs());
    inputs.remove(1);
    inputs.addAll(1, projection.inputs());
    SelectiveScan scan = (SelectiveScan) launch.primitive();
    ProjectedScan fused = new ProjectedScan(scan.paths(), scan.groups(), scan.softplus());
    done.add(new Launch(fused, inputs, launch.outputs()));
  }

  private boolean raises(Launch launch) {
    List<Shape> shapes = launch.inputShapes();
    Tensor output = launch.outputs().getFirst();
    return launch.primitive() instanceof Conv2d(int stride, int padding, int groups)
        && stride == 1
        && padding == 0
        && shapes.size() == 2
        && shapes.get(1).elements(2, 4) == 1
        && output.shape().size(3) / groups >= FEWEST_CHANNELS
        && uses.getOrDefault(output.storage(), 0) == 1;
  }

  /** The convolution that raises the step sizes of this launch, if it is such a scan. */
  private @Nullable Launch projectionOf(Launch launch) {
    if (launch.primitive() instanceof SelectiveScan scan) {
      Tensor delta = launch.inputs().get(1);
      Launch projection = raised.get(delta.storage());
      if (projection != null
          && ((Conv2d) projection.primitive()).groups() == scan.paths().size()
          && projection.outputs().getFirst().shape().equals(delta.shape())) {
        return projection;
      }
    }
    return null;
  }
}
