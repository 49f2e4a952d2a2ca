package io.github.taipan.vmambair;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The picture files that are read, and where {@link #writable} also written. */
public enum ImageFormat {
  PNG("PNG", true, true, "png"),
  JPEG("JPEG", true, false, "jpg", "jpeg"),
  BMP("BMP", true, false, "bmp"),
  TIFF("TIFF", true, true, "tif", "tiff"),
  WEBP("WebP", false, false, "webp");

  /** How many bytes {@link #of(byte[])} looks at. */
  static final int MAGIC_LENGTH = 18;

  private static final Set<Integer> BMP_HEADERS = Set.of(12, 16, 40, 52, 56, 64, 108, 124);

  private final String title;
  private final boolean writable;
  private final boolean storesAlpha;

  @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
  private final List<String> extensions;

  ImageFormat(String title, boolean writable, boolean storesAlpha, String... extensions) {
    this.title = title;
    this.writable = writable;
    this.storesAlpha = storesAlpha;
    this.extensions = List.of(extensions);
  }

  /** The format that a file's first bytes announce, whatever its name. */
  static Optional<ImageFormat> of(byte[] start) {
    String magic = new String(start, StandardCharsets.ISO_8859_1);
    if (magic.startsWith("\u0089PNG\r\n\u001a\n")) {
      return Optional.of(PNG);
    }
    if (magic.startsWith("\u00ff\u00d8\u00ff")) {
      return Optional.of(JPEG);
    }
    if (magic.startsWith("II*\0") || magic.startsWith("MM\0*")) {
      return Optional.of(TIFF);
    }
    if (magic.startsWith("RIFF") && magic.startsWith("WEBP", 8)) {
      return Optional.of(WEBP);
    }
    boolean bitmap = magic.startsWith("BM") && start.length >= MAGIC_LENGTH;
    return bitmap && BMP_HEADERS.contains(start[14] | start[15] << 8 | start[16] << 16)
        ? Optional.of(BMP)
        : Optional.empty();
  }

  /** The format that a file's extension asks for. */
  static Optional<ImageFormat> ofExtension(Path file) {
    String name = String.valueOf(file.getFileName());
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(format -> format.extensions.contains(extension))
        .findFirst();
  }

  /** The name as users write it, which ImageIO knows as well. */
  public String title() {
    return title;
  }

  /** Whether pictures can be written in this format. */
  public boolean writable() {
    return writable;
  }

  /** Whether a written file keeps transparency. */
  public boolean storesAlpha() {
    return storesAlpha;
  }
}
