package io.github.taipan.vmambair;

import io.github.taipan.nn.checkpoint.AtomicFile;
import io.github.taipan.nn.image.Dihedral;
import io.github.taipan.nn.image.Picture;
import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.FileImageOutputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Reads and writes picture files. PNG, JPEG, BMP and TIFF need nothing but the JDK. With
 * TwelveMonkeys ImageIO on the class path WebP is read as well, and the colours of a CMYK JPEG
 * follow its profile.
 */
public final class ImageFiles {
  /** More pixels than this are taken for a damaged or hostile header. */
  public static final long MAX_PIXELS = 1L << 28;

  private static final String READ = "PNG, JPEG, BMP, TIFF and WebP";
  private static final String WRITTEN = ".png, .jpg, .bmp or .tif";
  private static final int BYTES_PER_PIXEL = 8; // the decoder's copy and ours
  private static final float JPEG_QUALITY = 0.95f;

  private ImageFiles() {}

  /**
   * Reads a picture: the format found by content, the first page of many, turned upright as its
   * Exif orientation says.
   *
   * @throws ImageFileException for anything that is no whole picture of a sane size
   */
  public static Picture read(Path file) throws ImageFileException {
    checkSource(file);
    try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
      byte[] start = new byte[(int) Math.min(in.length(), ImageFormat.MAGIC_LENGTH)];
      in.readFully(start);
      ImageFormat format =
          ImageFormat.of(start)
              .orElseThrow(
                  () ->
                      new ImageFileException(
                          "%s is no picture that can be read: %s are".formatted(file, READ)));
      Dihedral orientation = ImageContainer.orientation(format, in);
      return Picture.from(decode(file, format, in)).turn(orientation);
    } catch (ImageFileException e) {
      throw e;
    } catch (EOFException e) {
      throw new ImageFileException(file + " is cut off: the file ends before its picture", e);
    } catch (IOException e) {
      throw new ImageFileException(
          "%s is damaged or of a kind that cannot be read: %s".formatted(file, reason(e)), e);
    } catch (RuntimeException e) { // decoders meet broken files with any of these
      throw new ImageFileException(file + " is damaged or of a kind that cannot be read", e);
    } catch (OutOfMemoryError e) {
      throw new ImageFileException(file + " is too large for the memory of this program", e);
    }
  }

  private static void checkSource(Path file) throws ImageFileException {
    if (!Files.exists(file)) {
      throw new ImageFileException(file + ": there is no such file");
    }
    if (Files.isDirectory(file)) {
      throw new ImageFileException(file + " is a folder, not a picture file");
    }
    if (!Files.isRegularFile(file)) {
      throw new ImageFileException(file + " is not a regular file");
    }
    if (!Files.isReadable(file)) {
      throw new ImageFileException(file + " may not be read: permission is denied");
    }
    if (file.toFile().length() == 0) {
      throw new ImageFileException(file + " is empty");
    }
  }

  private static BufferedImage decode(Path file, ImageFormat format, ImageInputStream in)
      throws IOException {
    ImageReader reader = reader(file, format, in);
    try {
      reader.setInput(in, false, true);
      int width = reader.getWidth(0);
      int height = reader.getHeight(0);
      checkSize(file, width, height);
      return reader.read(0);
    } finally {
      reader.dispose();
    }
  }

  private static ImageReader reader(Path file, ImageFormat format, ImageInputStream in)
      throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.title());
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      in.seek(0);
      if (reader.getOriginatingProvider().canDecodeInput(in)) {
        in.seek(0);
        return reader;
      }
    }
    throw new ImageFileException(
        ImageIO.getImageReadersByFormatName(format.title()).hasNext()
            ? "%s is a kind of %s that cannot be read".formatted(file, format.title())
            : "%s is a WebP file, which needs TwelveMonkeys' imageio-webp on the class path"
                .formatted(file));
  }

  private static void checkSize(Path file, int width, int height) throws ImageFileException {
    long pixels = (long) width * height;
    if (width < 1 || height < 1 || pixels > MAX_PIXELS) {
      throw new ImageFileException(
          "%s claims to be %d x %d pixels: between 1 and %d million can be read"
              .formatted(file, width, height, MAX_PIXELS / 1_000_000));
    }
    long memory = Runtime.getRuntime().maxMemory();
    if (pixels * BYTES_PER_PIXEL > memory) {
      throw new ImageFileException(
          "%s is %d x %d pixels, which needs about %d MB of memory to open; there are %d MB"
              .formatted(
                  file, width, height, megabytes(pixels * BYTES_PER_PIXEL), megabytes(memory)));
    }
  }

  private static long megabytes(long bytes) {
    return bytes / (1 << 20);
  }

  private static String reason(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElseThrow().replaceFirst("[.!]+$", "");
  }

  /**
   * Checks, before any work, that a picture could be written there.
   *
   * @param alpha whether the picture has transparency
   * @return the format that the extension asks for
   * @throws ImageFileException for an extension that is none of a written format or cannot keep
   *     transparency, and for a place that cannot be written to
   */
  public static ImageFormat checkTarget(Path file, boolean alpha) throws ImageFileException {
    Optional<ImageFormat> known = ImageFormat.ofExtension(file).filter(ImageFormat::writable);
    ImageFormat format =
        known.orElseThrow(
            () ->
                new ImageFileException(
                    "%s cannot be written: its name must end in %s".formatted(file, WRITTEN)));
    if (alpha && !format.storesAlpha()) {
      throw new ImageFileException(
          "%s cannot be written: the picture has transparency, which %s does not keep; use .png"
              .formatted(file, format.title()));
    }
    try {
      AtomicFile.check(file);
    } catch (IOException e) {
      throw new ImageFileException(reason(e), e);
    }
    return format;
  }

  /**
   * Writes a picture in the format that the extension asks for. The file appears whole or not at
   * all: it is written beside its place, then renamed.
   *
   * @throws ImageFileException when it cannot be written; an earlier file is then left as it was
   */
  public static void write(Picture picture, Path file) throws ImageFileException {
    ImageFormat format = checkTarget(file, picture.alpha() != null);
    String unique = Long.toHexString(System.nanoTime());
    Path partial = file.resolveSibling(".%s.%s.part".formatted(file.getFileName(), unique));
    try {
      try (FileImageOutputStream out = new FileImageOutputStream(partial.toFile())) {
        encode(picture.toRenderedImage(), format, out);
      }
      move(partial, file);
    } catch (IOException | RuntimeException e) {
      throw new ImageFileException("%s cannot be written: %s".formatted(file, reason(e)), e);
    } finally {
      partial.toFile().delete();
    }
  }

  /** A picture as the bytes of a PNG file. */
  public static byte[] png(Picture picture) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      encode(picture.toRenderedImage(), ImageFormat.PNG, out);
    }
    return bytes.toByteArray();
  }

  private static void encode(RenderedImage image, ImageFormat format, ImageOutputStream out)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format.title()).next();
    try {
      ImageWriteParam param = writer.getDefaultWriteParam();
      if (format == ImageFormat.JPEG || format == ImageFormat.TIFF) {
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      }
      if (format == ImageFormat.JPEG) {
        param.setCompressionQuality(JPEG_QUALITY);
      } else if (format == ImageFormat.TIFF) {
        param.setCompressionType("LZW");
      }
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
