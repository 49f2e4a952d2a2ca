package io.github.taipan.vmambair;

import io.github.taipan.nn.image.Dihedral;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStream;

/**
 * What a picture file says besides its pixels. Decoders fill what a truncated file lacks with grey,
 * so the container is walked first to see that the file is whole.
 */
final class ImageContainer {
  private static final int EXIF = 0x45786966; // "Exif"
  private static final int WEBP_EXIF = 0x46495845; // "EXIF", little-endian
  private static final int ORIENTATION_TAG = 0x0112;

  private ImageContainer() {}

  /**
   * Walks a file.
   *
   * @return what turns the stored pixels upright (the Exif orientation)
   * @throws EOFException when it ends too early
   * @throws IIOException when it is damaged
   */
  static Dihedral orientation(ImageFormat format, ImageInputStream in) throws IOException {
    in.seek(0);
    in.setByteOrder(ByteOrder.BIG_ENDIAN);
    return switch (format) {
      case PNG -> png(in);
      case JPEG -> jpeg(in);
      case BMP -> bmp(in);
      case TIFF -> orientation(in, 0);
      case WEBP -> webp(in);
    };
  }

  private static Dihedral png(ImageInputStream in) throws IOException {
    Dihedral orientation = Dihedral.IDENTITY;
    in.seek(8);
    while (true) {
      long length = in.readUnsignedInt();
      long start = in.getStreamPosition();
      require(in, start + 4 + length + 4);
      byte[] type = new byte[4];
      in.readFully(type);
      String name = new String(type, StandardCharsets.ISO_8859_1);
      if (Character.isUpperCase(name.charAt(0)) && crc(in, start, 4 + length) != in.readInt()) {
        throw new IIOException("the checksum of a " + name + " chunk is wrong");
      }
      if (name.equals("IEND")) {
        return orientation;
      }
      if (name.equals("eXIf")) {
        orientation = orientation(in, start + 4);
      }
      in.seek(start + 4 + length + 4);
    }
  }

  private static int crc(ImageInputStream in, long start, long length) throws IOException {
    CRC32 crc = new CRC32();
    byte[] block = new byte[8192];
    in.seek(start);
    for (long left = length; left > 0; ) {
      int count = in.read(block, 0, (int) Math.min(left, block.length));
      if (count < 0) {
        throw new EOFException();
      }
      crc.update(block, 0, count);
      left -= count;
    }
    return (int) crc.getValue();
  }

  private static Dihedral jpeg(ImageInputStream in) throws IOException {
    Dihedral orientation = Dihedral.IDENTITY;
    in.seek(2);
    while (true) {
      int marker = in.readUnsignedShort();
      if (marker == 0xFFFF) { // a fill byte
        in.seek(in.getStreamPosition() - 1);
        continue;
      }
      if (marker < 0xFF01) {
        throw new IIOException("it has no marker where one must be");
      }
      long start = in.getStreamPosition();
      int length = in.readUnsignedShort();
      require(in, start + length);
      if (marker == 0xFFDA) {
        findJpegEnd(in);
        return orientation;
      }
      if (marker == 0xFFE1 && length >= 16 && in.readInt() == EXIF) {
        orientation = orientation(in, start + 8);
      }
      in.seek(start + Math.max(length, 2));
    }
  }

  /** After the first scan begins, FF D9 can only be the end of the picture. */
  private static void findJpegEnd(ImageInputStream in) throws IOException {
    byte[] block = new byte[8192];
    int previous = 0;
    for (int count = in.read(block); count >= 0; count = in.read(block)) {
      for (int i = 0; i < count; i++) {
        if (previous == 0xFF && (block[i] & 0xFF) == 0xD9) {
          return;
        }
        previous = block[i] & 0xFF;
      }
    }
    throw new EOFException();
  }

  private static Dihedral bmp(ImageInputStream in) throws IOException {
    in.setByteOrder(ByteOrder.LITTLE_ENDIAN);
    in.seek(10);
    long pixels = in.readUnsignedInt();
    if (in.readInt() >= 40) {
      long width = Math.abs((long) in.readInt());
      long height = Math.abs((long) in.readInt());
      in.skipBytes(2);
      long bits = in.readUnsignedShort();
      boolean packed = in.readInt() % 3 != 0; // 0 plain, 3 plain with masks
      require(in, packed ? pixels : pixels + (width * bits + 31) / 32 * 4 * height);
    }
    return Dihedral.IDENTITY;
  }

  private static Dihedral webp(ImageInputStream in) throws IOException {
    in.setByteOrder(ByteOrder.LITTLE_ENDIAN);
    in.seek(4);
    long end = 8 + in.readUnsignedInt();
    require(in, end);
    for (long chunk = 12; chunk + 8 <= end; ) {
      in.seek(chunk);
      int type = in.readInt();
      long length = in.readUnsignedInt();
      if (type == WEBP_EXIF) {
        return orientation(in, chunk + 8);
      }
      chunk += 8 + length + (length & 1);
    }
    return Dihedral.IDENTITY;
  }

  /** The orientation in the first directory of a TIFF structure; upright where there is none. */
  private static Dihedral orientation(ImageInputStream in, long base) throws IOException {
    try {
      in.seek(base);
      in.setByteOrder(
          in.readUnsignedShort() == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      in.skipBytes(2);
      in.seek(base + in.readUnsignedInt());
      for (int entries = in.readUnsignedShort(); entries > 0; entries--) {
        int tag = in.readUnsignedShort();
        in.skipBytes(6);
        int value = in.readUnsignedShort();
        in.skipBytes(2);
        if (tag == ORIENTATION_TAG) {
          return upright(value);
        }
      }
    } catch (EOFException e) {
      // Broken metadata do not spoil a picture; a broken TIFF is found by its decoder.
    } finally {
      in.setByteOrder(ByteOrder.BIG_ENDIAN);
    }
    return Dihedral.IDENTITY;
  }

  /** The transform that undoes an Exif orientation, 1 to 8. */
  static Dihedral upright(int orientation) {
    return switch (orientation) {
      case 2 -> Dihedral.TURN_180_FLIP;
      case 3 -> Dihedral.TURN_180;
      case 4 -> Dihedral.FLIP;
      case 5 -> Dihedral.TURN_90_FLIP;
      case 6 -> Dihedral.TURN_270;
      case 7 -> Dihedral.TURN_270_FLIP;
      case 8 -> Dihedral.TURN_90;
      default -> Dihedral.IDENTITY;
    };
  }

  private static void require(ImageInputStream in, long length) throws IOException {
    if (length > in.length()) {
      throw new EOFException();
    }
  }
}
