package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Fused;
import io.github.taipan.tensor.Fused.Part;
import io.github.taipan.tensor.Normalization;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the values of a fused launch lie, and how many pixels a task takes: as many as keep its
 * scratch in the second-level cache, which follows from the shapes alone. Values that are not alive
 * at the same time share a place in the scratch, and some parts write over their operand.
 *
 * @param size of the scratch
 */
record FusedPlaces(List<Place> all, int pixels, int size) {
  /** Values of scratch: half of a second-level cache. */
  private static final int SCRATCH = 1 << 17;

  private static final int MOST_PIXELS = 384;

  /** Tasks that a small map should still be cut into. */
  private static final int TASKS = 8;

  /** Pixels that fill the tiles of products. */
  private static final int TILE_PIXELS = 24;

  /** Lines that depthwise convolutions take at once. */
  private static final int LINES = 3;

  static FusedPlaces of(
      Fused fused, List<Shape> shapes, List<Tensor> inputs, List<Tensor> outputs) {
    int[] lastUse = lastUse(fused);
    int[] slots = new int[shapes.size()];
    Arrays.fill(slots, -1);
    List<Integer> widths = new ArrayList<>();
    List<Integer> free = new ArrayList<>();
    for (int i = 0; i < fused.parts().size(); i++) {
      Part part = fused.parts().get(i);
      int value = inputs.size() + i;
      if (!fused.results().contains(value)) {
        int channels = shapes.get(value).size(3);
        int own = part.operands().getFirst();
        boolean over =
            slots[own] >= 0
                && lastUse[own] == i
                && shapes.get(own).equals(shapes.get(value))
                && mayOverwrite(part);
        slots[value] = over ? slots[own] : slot(channels, widths, free);
      }
      for (int operand : part.operands().stream().distinct().toList()) {
        if (slots[operand] >= 0 && lastUse[operand] == i && slots[operand] != slots[value]) {
          free.add(slots[operand]);
        }
      }
    }
    int width = widths.stream().mapToInt(Integer::intValue).sum();
    int pixels = pixels(fused, shapes.getLast(), width);
    return new FusedPlaces(
        places(fused, shapes, inputs, outputs, slots, widths, pixels), pixels, width * pixels);
  }

  /** Where a value lies. */
  Place place(int value) {
    return all.get(value);
  }

  /** The last part that uses each value. */
  private static int[] lastUse(Fused fused) {
    int[] lastUse = new int[fused.inputs() + fused.parts().size()];
    for (int i = 0; i < fused.parts().size(); i++) {
      for (int operand : fused.parts().get(i).operands()) {
        lastUse[operand] = i;
      }
    }
    return lastUse;
  }

  private static boolean mayOverwrite(Part part) {
    return part.primitive() instanceof Unary
        || part.primitive() instanceof Binary
        || part.primitive() instanceof Normalization.LayerNorm;
  }

  /** A free slot of this width, or a new one. */
  private static int slot(int channels, List<Integer> widths, List<Integer> free) {
    for (int slot : free) {
      if (widths.get(slot) == channels) {
        free.remove((Integer) slot);
        return slot;
      }
    }
    widths.add(channels);
    return widths.size() - 1;
  }

  /** The pixels of a task: whole lines, if something looks at neighbours and they fit. */
  private static int pixels(Fused fused, Shape map, int width) {
    int all = map.elements(0, 3);
    int most = Math.clamp(SCRATCH / Math.max(1, width), TILE_PIXELS, MOST_PIXELS);
    int wanted = Math.min(most, Math.ceilDiv(all, TASKS));
    int lines = LINES * map.size(2);
    boolean byLines = 0 < lines && lines <= most && fused.hasNeighbourlyParts();
    int unit = byLines ? lines : TILE_PIXELS;
    return Math.max(1, wanted / unit) * unit;
  }

  private static List<Place> places(
      Fused fused,
      List<Shape> shapes,
      List<Tensor> inputs,
      List<Tensor> outputs,
      int[] slots,
      List<Integer> widths,
      int pixels) {
    List<Place> places = new ArrayList<>();
    for (int value = 0; value < slots.length; value++) {
      int channels = shapes.get(value).rank() == 0 ? 1 : shapes.get(value).size(-1);
      if (value < inputs.size()) {
        places.add(new Place(CpuDevice.values(inputs.get(value)), 0, channels));
      } else if (slots[value] < 0) {
        Tensor output = outputs.get(fused.results().indexOf(value));
        places.add(new Place(CpuDevice.values(output), 0, channels));
      } else {
        int before = widths.subList(0, slots[value]).stream().mapToInt(Integer::intValue).sum();
        places.add(new Place(null, before * pixels, channels));
      }
    }
    return places;
  }
}
