package io.github.taipan.nn.checkpoint;

import io.github.taipan.nn.checkpoint.Pickled.Dictionary;
import io.github.taipan.nn.checkpoint.Pickled.Function;
import io.github.taipan.nn.checkpoint.Pickled.Plain;
import io.github.taipan.nn.checkpoint.Pickled.Storage;
import io.github.taipan.nn.checkpoint.Pickled.StorageType;
import io.github.taipan.nn.checkpoint.Pickled.Text;
import io.github.taipan.nn.checkpoint.Pickled.Tuple;
import io.github.taipan.nn.checkpoint.Pickled.View;
import io.github.taipan.nn.checkpoint.Pickled.Whole;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The closed list of what a pickle may name, and what each call of it means here. Nothing is looked
 * up or run: a name outside the list is an error.
 */
final class PickleCalls {
  private static final Set<String> FUNCTIONS =
      Set.of(
          "torch._utils._rebuild_tensor",
          "torch._utils._rebuild_tensor_v2",
          "torch._utils._rebuild_parameter",
          "collections.OrderedDict",
          "torch.Size",
          "torch.device",
          "builtins.set",
          "__builtin__.set");

  private static final Map<String, Dtype> STORAGES =
      Map.of(
          "DoubleStorage", Dtype.F64,
          "FloatStorage", Dtype.F32,
          "HalfStorage", Dtype.F16,
          "BFloat16Storage", Dtype.BF16,
          "LongStorage", Dtype.I64,
          "IntStorage", Dtype.I32,
          "ShortStorage", Dtype.I16,
          "CharStorage", Dtype.I8,
          "ByteStorage", Dtype.U8,
          "BoolStorage", Dtype.BOOL);

  private PickleCalls() {}

  /** The function or type of a name, if it is one of the known ones. */
  static Pickled global(String module, String name) throws CheckpointException {
    String full = module + "." + name;
    if (FUNCTIONS.contains(full)) {
      return new Function(full);
    }
    Dtype dtype = STORAGES.get(name);
    if (dtype != null && (module.equals("torch") || module.equals("torch.cuda"))) {
      return new StorageType(dtype);
    }
    throw new CheckpointException(
        "is refused: its pickle names "
            + CheckpointException.quote(full)
            + ", and nothing but tensors and plain values is read");
  }

  /** The value that a call stands for. */
  static Pickled call(Pickled function, Pickled arguments) throws CheckpointException {
    if (!(function instanceof Function(String name)) || !(arguments instanceof Tuple(var items))) {
      throw new CheckpointException("is refused: its pickle calls what is no function");
    }
    return switch (name) {
      case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" -> view(items);
      case "torch._utils._rebuild_parameter" -> {
        if (items.isEmpty() || !(items.getFirst() instanceof View view)) {
          throw badArguments("a Parameter");
        }
        yield view;
      }
      case "collections.OrderedDict" -> {
        if (!items.isEmpty()) {
          throw badArguments("an OrderedDict");
        }
        yield new Dictionary();
      }
      case "torch.Size" -> {
        if (items.size() != 1 || !(items.getFirst() instanceof Tuple sizes)) {
          throw badArguments("a Size");
        }
        yield sizes;
      }
      case "torch.device" -> Plain.DEVICE;
      case "builtins.set", "__builtin__.set" -> Plain.SET;
      default -> throw new CheckpointException("is refused: its pickle calls " + name);
    };
  }

  /** The storage of {@code ("storage", type, key, location, elements[, view])}. */
  static Storage storage(Pickled id) throws CheckpointException {
    if (id instanceof Tuple(var items)
        && (items.size() == 5 || (items.size() == 6 && items.get(5) == Plain.NONE))
        && items.get(0).equals(new Text("storage"))
        && items.get(1) instanceof StorageType(Dtype dtype)
        && items.get(2) instanceof Text(String key)
        && items.get(4) instanceof Whole(BigInteger elements)) {
      return new Storage(dtype, key, toLong(elements, "a storage"));
    }
    throw badArguments("a storage");
  }

  /** The view of {@code (storage, offset, sizes, strides, requiresGradient, hooks[, metadata])}. */
  private static View view(List<Pickled> items) throws CheckpointException {
    boolean plain = items.size() <= 6 || isEmpty(items.get(6));
    if (items.size() >= 4
        && items.size() <= 7
        && plain
        && items.get(0) instanceof Storage storage
        && items.get(1) instanceof Whole(BigInteger offset)
        && items.get(2) instanceof Tuple sizes
        && items.get(3) instanceof Tuple strides
        && sizes.items().size() == strides.items().size()) {
      return new View(storage, toLong(offset, "a tensor"), numbers(sizes), numbers(strides));
    }
    throw badArguments("a tensor");
  }

  private static boolean isEmpty(Pickled metadata) {
    return metadata == Plain.NONE
        || (metadata instanceof Dictionary(var entries) && entries.isEmpty());
  }

  private static List<Long> numbers(Tuple tuple) throws CheckpointException {
    List<Long> numbers = new ArrayList<>();
    for (Pickled item : tuple.items()) {
      if (!(item instanceof Whole(BigInteger value))) {
        throw badArguments("a tensor");
      }
      numbers.add(toLong(value, "a tensor"));
    }
    return numbers;
  }

  private static long toLong(BigInteger value, String what) throws CheckpointException {
    if (value.bitLength() >= Long.SIZE || value.signum() < 0) {
      throw new CheckpointException(
          "describes " + what + " by a negative number or one beyond 64 bits");
    }
    return value.longValue();
  }

  private static CheckpointException badArguments(String what) {
    return new CheckpointException("describes " + what + " in a way that torch.save does not");
  }
}
