package io.github.taipan.nn.checkpoint;

import io.github.taipan.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The strict rule of loading: a checkpoint has every expected tensor, of its shape, and no other.
 */
public final class StrictLoad {
  private static final int LISTED = 20;

  private StrictLoad() {}

  /**
   * Passes when the checkpoint's names and shapes are exactly the expected ones.
   *
   * @throws CheckpointException that names the missing, the unexpected and the misshapen tensors,
   *     the first 20 of each
   */
  public static void check(Map<String, Shape> expected, Checkpoint checkpoint)
      throws CheckpointException {
    List<String> missing = new ArrayList<>();
    List<String> misshapen = new ArrayList<>();
    expected.forEach(
        (name, shape) -> {
          Entry entry = checkpoint.entries().get(name);
          if (entry == null) {
            missing.add(CheckpointException.quote(name));
          } else if (!entry.shape().equals(shape)) {
            misshapen.add(
                "%s is %s, expected %s"
                    .formatted(CheckpointException.quote(name), entry.shape(), shape));
          }
        });
    List<String> unexpected =
        checkpoint.entries().keySet().stream()
            .filter(name -> !expected.containsKey(name))
            .map(CheckpointException::quote)
            .toList();

    List<String> problems = new ArrayList<>();
    list(problems, "missing", missing);
    list(problems, "unexpected", unexpected);
    list(problems, "of another shape", misshapen);
    if (!problems.isEmpty()) {
      throw new CheckpointException(
          "the checkpoint does not fit the network: " + String.join("; ", problems));
    }
  }

  private static void list(List<String> problems, String kind, List<String> names) {
    if (names.isEmpty()) {
      return;
    }
    String listed = String.join(", ", names.stream().limit(LISTED).toList());
    int left = names.size() - LISTED;
    problems.add(
        "%d %s (%s%s)"
            .formatted(names.size(), kind, listed, left > 0 ? ", and " + left + " more" : ""));
  }
}
