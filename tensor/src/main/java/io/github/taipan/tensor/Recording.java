package io.github.taipan.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Notes launches instead of executing them. While one is open on a thread, {@link Device#run} makes
 * tensors that have a shape but no numbers; everything else about the work is as always, so any
 * code that computes with tensors can be recorded. Only code that looks at numbers cannot.
 */
public final class Recording {
  private static final ScopedValue<Recording> CURRENT = ScopedValue.newInstance();

  private final List<Launch> launches = new ArrayList<>();

  private Recording() {}

  /** In place of storage: a value that a recorded launch will make. */
  private static final class Unmade {}

  /** The launches that the work makes on this thread, in order. */
  public static List<Launch> of(Runnable work) {
    Recording recording = new Recording();
    ScopedValue.where(CURRENT, recording).run(work);
    return List.copyOf(recording.launches);
  }

  /** A tensor without numbers, as the input of a recording. */
  public static Tensor unmade(Device device, Shape shape) {
    return new Tensor(device, shape, new Unmade());
  }

  /** Whether a tensor has a shape but no numbers. */
  public static boolean isUnmade(Tensor tensor) {
    return tensor.storage() instanceof Unmade;
  }

  /** The recording that is open on this thread, if any. */
  static @Nullable Recording current() {
    return CURRENT.isBound() ? CURRENT.get() : null;
  }

  /** Notes a launch and returns its outputs. */
  List<Tensor> note(Device device, Primitive primitive, List<Tensor> inputs, List<Shape> shapes) {
    List<Tensor> outputs =
        primitive instanceof Update update
            ? update.updated(inputs)
            : shapes.stream().map(shape -> unmade(device, shape)).toList();
    launches.add(new Launch(primitive, List.copyOf(inputs), outputs));
    return outputs;
  }
}
