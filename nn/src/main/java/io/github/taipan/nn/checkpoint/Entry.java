package io.github.taipan.nn.checkpoint;

import io.github.taipan.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * One stored tensor: its shape, its dtype as read, and its bytes, dense, row-major and
 * little-endian. Immutable; values are decoded when asked for.
 */
public final class Entry {
  private static final int MOST_AXES = 64;

  private final Shape shape;
  private final Dtype dtype;
  private final byte[] bytes;

  /** Takes the bytes as they are, so nobody may write to them afterwards. */
  Entry(Shape shape, Dtype dtype, byte[] bytes) {
    if (bytes.length != (long) shape.elements() * dtype.bytes()) {
      throw new IllegalArgumentException(
          "shape " + shape + " of " + dtype + " does not take " + bytes.length + " bytes");
    }
    this.shape = shape;
    this.dtype = dtype;
    this.bytes = bytes;
  }

  /** A tensor of bytes that are encoded already, row-major and little-endian. */
  public static Entry of(Shape shape, Dtype dtype, byte[] bytes) {
    return new Entry(shape, dtype, bytes.clone());
  }

  /** A tensor of {@link Dtype#F32}. */
  public static Entry of(Shape shape, float[] values) {
    byte[] bytes = new byte[Math.multiplyExact(values.length, Float.BYTES)];
    littleEndian(bytes).asFloatBuffer().put(values);
    return new Entry(shape, Dtype.F32, bytes);
  }

  /** A tensor of {@link Dtype#F64}. */
  public static Entry of(Shape shape, double[] values) {
    byte[] bytes = new byte[Math.multiplyExact(values.length, Double.BYTES)];
    littleEndian(bytes).asDoubleBuffer().put(values);
    return new Entry(shape, Dtype.F64, bytes);
  }

  /** A tensor of {@link Dtype#I64}. */
  public static Entry of(Shape shape, long[] values) {
    byte[] bytes = new byte[Math.multiplyExact(values.length, Long.BYTES)];
    littleEndian(bytes).asLongBuffer().put(values);
    return new Entry(shape, Dtype.I64, bytes);
  }

  /** The sizes of the axes; none for a scalar. */
  public Shape shape() {
    return shape;
  }

  /** How the values are stored. */
  public Dtype dtype() {
    return dtype;
  }

  /** The values as float32, row-major: exact for F32, F16 and BF16, rounded where need be. */
  public float[] floats() {
    float[] values = new float[shape.elements()];
    ByteBuffer buffer = buffer();
    if (dtype == Dtype.F32) {
      buffer.asFloatBuffer().get(values);
      return values;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (dtype) {
            case F64 -> (float) buffer.getDouble(8 * i);
            case F32 -> buffer.getFloat(4 * i);
            case F16 -> Float.float16ToFloat(buffer.getShort(2 * i));
            case BF16 -> Float.intBitsToFloat(buffer.getShort(2 * i) << 16);
            case I64, I32, I16, I8, U8, BOOL -> (float) integer(buffer, i);
          };
    }
    return values;
  }

  /** The values as float64, row-major: exact for all but large I64. */
  public double[] doubles() {
    double[] values = new double[shape.elements()];
    if (dtype == Dtype.F64) {
      buffer().asDoubleBuffer().get(values);
    } else if (dtype.isFloat()) {
      float[] floats = floats();
      for (int i = 0; i < values.length; i++) {
        values[i] = floats[i];
      }
    } else {
      long[] longs = longs();
      for (int i = 0; i < values.length; i++) {
        values[i] = longs[i];
      }
    }
    return values;
  }

  /**
   * The values as integers, exactly; U8 is 0 to 255, BOOL 0 or 1.
   *
   * @throws IllegalArgumentException where the dtype is a floating-point one
   */
  public long[] longs() {
    if (dtype.isFloat()) {
      throw new IllegalArgumentException("values of " + dtype + " are no integers");
    }
    long[] values = new long[shape.elements()];
    ByteBuffer buffer = buffer();
    for (int i = 0; i < values.length; i++) {
      values[i] = integer(buffer, i);
    }
    return values;
  }

  /** The encoded values, read-only. */
  ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public String toString() {
    return dtype + " " + shape;
  }

  /**
   * The shape of these sizes, if a tensor of them can be held at all.
   *
   * @throws CheckpointException naming the tensor, where it cannot
   */
  static Shape shape(String name, Dtype dtype, List<Long> sizes) throws CheckpointException {
    if (sizes.size() > MOST_AXES) {
      throw new CheckpointException(named(name) + " has " + sizes.size() + " axes");
    }
    long elements = 1;
    for (long size : sizes) {
      if (size < 0) {
        throw new CheckpointException(named(name) + " has a negative size in its shape");
      }
      boolean fits = size <= Integer.MAX_VALUE && elements * size <= Integer.MAX_VALUE - 8L;
      if (!fits || elements * size * dtype.bytes() > Integer.MAX_VALUE - 8L) {
        throw new CheckpointException(named(name) + " is too large: over 2 GiB by its shape");
      }
      elements *= size;
    }
    return Shape.of(sizes.stream().mapToInt(Long::intValue).toArray());
  }

  static String named(String name) {
    return "tensor '" + CheckpointException.quote(name) + "'";
  }

  private long integer(ByteBuffer buffer, int index) {
    return switch (dtype) {
      case I64 -> buffer.getLong(8 * index);
      case I32 -> buffer.getInt(4 * index);
      case I16 -> buffer.getShort(2 * index);
      case I8 -> buffer.get(index);
      case U8 -> buffer.get(index) & 0xff;
      case BOOL -> buffer.get(index) == 0 ? 0 : 1;
      case F64, F32, F16, BF16 -> throw new AssertionError(dtype);
    };
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
