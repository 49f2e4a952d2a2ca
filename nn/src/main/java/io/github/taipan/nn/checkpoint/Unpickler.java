package io.github.taipan.nn.checkpoint;

import io.github.taipan.nn.checkpoint.Pickled.Dictionary;
import io.github.taipan.nn.checkpoint.Pickled.Items;
import io.github.taipan.nn.checkpoint.Pickled.Plain;
import io.github.taipan.nn.checkpoint.Pickled.Storage;
import io.github.taipan.nn.checkpoint.Pickled.Text;
import io.github.taipan.nn.checkpoint.Pickled.Tuple;
import io.github.taipan.nn.checkpoint.Pickled.Whole;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one pickle (protocol 2 to 5) into {@link Pickled} values. A pickle is a program for a stack
 * machine that may call any function; this machine knows only the instructions that tensors,
 * containers and plain values need, calls nothing (see {@link PickleCalls}) and is bounded in bytes
 * and in steps.
 */
final class Unpickler {
  private static final long LONGEST_PICKLE = 64L << 20;
  private static final int MOST_STEPS = 2_000_000;
  private static final int LONGEST_NAME = 1000;

  private final InputStream in;
  private final long available;
  private long consumed;

  private final List<Pickled> stack = new ArrayList<>();
  private final Deque<Integer> marks = new ArrayDeque<>();
  private final Map<Integer, Pickled> memo = new HashMap<>();
  private final Map<String, Storage> storages = new HashMap<>();

  private Unpickler(InputStream in, long available) {
    this.in = in;
    this.available = Math.min(available, LONGEST_PICKLE);
  }

  /**
   * A whole pickle.
   *
   * @param root its value
   * @param storages every storage it names, by key
   * @param length how many bytes it took
   */
  record Result(Pickled root, Map<String, Storage> storages, long length) {}

  /** Reads a pickle from a stream in which no more than {@code available} bytes are left. */
  static Result read(InputStream in, long available) throws IOException {
    Unpickler unpickler = new Unpickler(in, available);
    return new Result(unpickler.run(), unpickler.storages, unpickler.consumed);
  }

  private Pickled run() throws IOException {
    for (int step = 0; step < MOST_STEPS; step++) {
      int opcode = number(1);
      if (opcode == '.') {
        return pop();
      }
      execute(opcode);
    }
    throw new CheckpointException("has a pickle of over " + MOST_STEPS + " steps");
  }

  private void execute(int opcode) throws IOException {
    switch (opcode) {
      case 0x80 -> protocol(); // PROTO
      case 0x95 -> take(8); // FRAME, which only helps to read ahead

      case 'N' -> push(Plain.NONE);
      case 0x88, 0x89 -> push(Plain.TRUTH); // NEWTRUE, NEWFALSE
      case 'K' -> whole(number(1)); // BININT1
      case 'M' -> whole(number(2)); // BININT2
      case 'J' -> whole(number(4)); // BININT
      case 0x8a -> whole(take(number(1))); // LONG1
      case 'G' -> plain(8, Plain.REAL); // BINFLOAT
      case 0x8c, 'U' -> text(number(1)); // SHORT_BINUNICODE, SHORT_BINSTRING
      case 'X', 'T' -> text(length(4)); // BINUNICODE, BINSTRING
      case 0x8d -> text(length(8)); // BINUNICODE8
      case 'C' -> plain(number(1), Plain.BYTES); // SHORT_BINBYTES
      case 'B' -> plain(length(4), Plain.BYTES); // BINBYTES
      case 0x8e, 0x96 -> plain(length(8), Plain.BYTES); // BINBYTES8, BYTEARRAY8

      case '(' -> marks.push(stack.size()); // MARK
      case '0' -> pop(); // POP
      case '1' -> popToMark(); // POP_MARK
      case ')' -> push(new Tuple(List.of())); // EMPTY_TUPLE
      case 0x85, 0x86, 0x87 -> push(new Tuple(popLast(opcode - 0x84))); // TUPLE1 to TUPLE3
      case 't' -> push(new Tuple(popToMark())); // TUPLE
      case ']' -> push(new Items(new ArrayList<>())); // EMPTY_LIST
      case 'l' -> push(new Items(popToMark())); // LIST
      case 'a' -> append(popLast(1)); // APPEND
      case 'e' -> append(popToMark()); // APPENDS
      case '}' -> push(new Dictionary()); // EMPTY_DICT
      case 's' -> set(popLast(2)); // SETITEM
      case 'u' -> set(popToMark()); // SETITEMS
      case 0x8f -> push(Plain.SET); // EMPTY_SET
      case 0x90 -> popToMark(); // ADDITEMS: what a set holds is of no use here
      case 0x91 -> { // FROZENSET
        popToMark();
        push(Plain.SET);
      }

      case 'q' -> memo.put(number(1), peek()); // BINPUT
      case 'r' -> memo.put(number(4), peek()); // LONG_BINPUT
      case 0x94 -> memo.put(memo.size(), peek()); // MEMOIZE
      case 'h' -> push(remembered(number(1))); // BINGET
      case 'j' -> push(remembered(number(4))); // LONG_BINGET

      case 'c' -> push(PickleCalls.global(line(), line())); // GLOBAL
      case 0x93 -> stackGlobal(); // STACK_GLOBAL
      case 'R' -> { // REDUCE
        Pickled arguments = pop();
        push(PickleCalls.call(pop(), arguments));
      }
      case 'b' -> build(); // BUILD
      case 'Q' -> storage(PickleCalls.storage(pop())); // BINPERSID
      case 'i' -> { // INST, which calls what it names
        PickleCalls.global(line(), line());
        throw unknown(opcode);
      }
      default -> throw unknown(opcode);
    }
  }

  private static CheckpointException unknown(int opcode) {
    return new CheckpointException(
        "is refused: its pickle has the instruction 0x%02x, which no file of tensors needs"
            .formatted(opcode));
  }

  private void protocol() throws IOException {
    int version = number(1);
    if (version < 2 || version > 5) {
      throw new CheckpointException(
          "has a pickle of protocol " + version + ", and 2 to 5 are understood");
    }
  }

  private void whole(long value) {
    push(new Whole(BigInteger.valueOf(value)));
  }

  private void whole(byte[] littleEndian) {
    byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
    }
    push(new Whole(bigEndian.length == 0 ? BigInteger.ZERO : new BigInteger(bigEndian)));
  }

  private void plain(long length, Plain kind) throws IOException {
    take(length);
    push(kind);
  }

  private void text(long length) throws IOException {
    try {
      ByteBuffer utf8 = ByteBuffer.wrap(take(length));
      push(new Text(StandardCharsets.UTF_8.newDecoder().decode(utf8).toString()));
    } catch (CharacterCodingException e) {
      throw new CheckpointException("has a pickle with a text that is not UTF-8");
    }
  }

  private void append(List<Pickled> items) throws CheckpointException {
    if (!(peek() instanceof Items list)) {
      throw corrupt("appends to what is no list");
    }
    list.items().addAll(items);
  }

  private void set(List<Pickled> keysAndValues) throws CheckpointException {
    if (!(peek() instanceof Dictionary dictionary) || keysAndValues.size() % 2 != 0) {
      throw corrupt("sets items of what is no dictionary");
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      dictionary.put(keysAndValues.get(i), keysAndValues.get(i + 1));
    }
  }

  /** Gives an object its attributes: an OrderedDict may have some, which no tensor depends on. */
  private void build() throws CheckpointException {
    pop();
    if (!(peek() instanceof Dictionary)) {
      throw corrupt("gives attributes to what is no dictionary");
    }
  }

  private void stackGlobal() throws CheckpointException {
    if (!(pop() instanceof Text(String name)) || !(pop() instanceof Text(String module))) {
      throw corrupt("names a function by what is no text");
    }
    push(PickleCalls.global(module, name));
  }

  private void storage(Storage storage) throws CheckpointException {
    Storage same = storages.putIfAbsent(storage.key(), storage);
    if (same != null && !same.equals(storage)) {
      throw new CheckpointException(
          "describes the storage '"
              + CheckpointException.quote(storage.key())
              + "' twice, differently");
    }
    push(storage);
  }

  private Pickled remembered(int index) throws CheckpointException {
    @Nullable Pickled value = memo.get(index);
    if (value == null) {
      throw corrupt("recalls what it has not stored");
    }
    return value;
  }

  private void push(Pickled value) {
    stack.add(value);
  }

  private Pickled pop() throws CheckpointException {
    return popLast(1).getFirst();
  }

  private Pickled peek() throws CheckpointException {
    Pickled value = pop();
    push(value);
    return value;
  }

  /** The last values of the stack, none of them below the last mark. */
  private List<Pickled> popLast(int count) throws CheckpointException {
    int from = stack.size() - count;
    if (from < (marks.isEmpty() ? 0 : marks.peek())) {
      throw corrupt("takes more from its stack than is there");
    }
    return popFrom(from);
  }

  private List<Pickled> popToMark() throws CheckpointException {
    if (marks.isEmpty()) {
      throw corrupt("looks for a mark that is not there");
    }
    return popFrom(marks.pop());
  }

  private List<Pickled> popFrom(int from) {
    List<Pickled> top = stack.subList(from, stack.size());
    List<Pickled> popped = new ArrayList<>(top);
    top.clear();
    return popped;
  }

  private static CheckpointException corrupt(String problem) {
    return new CheckpointException("has a damaged pickle: it " + problem);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = number(1); c != '\n'; c = number(1)) {
      line.append((char) c);
      if (line.length() > LONGEST_NAME) {
        throw corrupt("names a function of over " + LONGEST_NAME + " letters");
      }
    }
    return line.toString();
  }

  /** A little-endian number of 1, 2 or 4 bytes; only that of 4 bytes is signed. */
  private int number(int bytes) throws IOException {
    byte[] taken = take(bytes);
    int value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (taken[i] & 0xff) << (8 * i);
    }
    return value;
  }

  /** An unsigned length of 4 or 8 bytes; one beyond 63 bits becomes the largest there is. */
  private long length(int bytes) throws IOException {
    byte[] taken = take(bytes);
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (taken[i] & 0xffL) << (8 * i);
    }
    return value < 0 ? Long.MAX_VALUE : value;
  }

  private byte[] take(long length) throws IOException {
    if (length <= available - consumed) {
      byte[] taken = in.readNBytes((int) length);
      consumed += taken.length;
      if (taken.length == length) {
        return taken;
      }
    } else if (available == LONGEST_PICKLE) {
      throw new CheckpointException("has a pickle of over " + LONGEST_PICKLE + " bytes");
    }
    throw new CheckpointException("is truncated: its pickle ends too early");
  }
}
