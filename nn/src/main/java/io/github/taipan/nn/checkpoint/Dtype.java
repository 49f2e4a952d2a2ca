package io.github.taipan.nn.checkpoint;

/** How a stored value is encoded, by its safetensors name; always little-endian. */
public enum Dtype {
  F64(8),
  I64(8),
  F32(4),
  I32(4),
  F16(2),
  BF16(2),
  I16(2),
  I8(1),
  U8(1),
  BOOL(1);

  private final int bytes;

  Dtype(int bytes) {
    this.bytes = bytes;
  }

  /** The size of one value in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Whether the values are floating-point numbers. */
  public boolean isFloat() {
    return switch (this) {
      case F64, F32, F16, BF16 -> true;
      case I64, I32, I16, I8, U8, BOOL -> false;
    };
  }
}
