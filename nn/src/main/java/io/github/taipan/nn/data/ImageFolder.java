package io.github.taipan.nn.data;

import io.github.taipan.nn.image.Image;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Finds and pairs the picture files of folders, by extension, sorted by name. */
public final class ImageFolder {
  private static final Set<String> EXTENSIONS =
      Set.of("png", "jpg", "jpeg", "bmp", "tif", "tiff", "webp");
  private static final String LOW = "_lr4";
  private static final String HIGH = "_hr";

  private ImageFolder() {}

  /**
   * Two files that show the same.
   *
   * @param name the name they share, or that of the true one
   * @param degraded what the network gets
   * @param truth what it should give
   */
  public record Pair(String name, Path degraded, Path truth) {
    /**
     * Checks that the true picture is so many times larger than the degraded one.
     *
     * @throws IOException naming both files and their sizes, where it is not
     */
    public void requireScale(Image degradedImage, Image truthImage, int scale) throws IOException {
      if (degradedImage.height() * scale != truthImage.height()
          || degradedImage.width() * scale != truthImage.width()) {
        throw new IOException(
            "%s is %dx%d and %s %dx%d: the sides should be %s"
                .formatted(
                    degraded,
                    degradedImage.width(),
                    degradedImage.height(),
                    truth,
                    truthImage.width(),
                    truthImage.height(),
                    scale == 1 ? "equal" : scale + " times as long"));
      }
    }
  }

  /**
   * The true pictures of a folder: those that do not end in {@code _lr4}.
   *
   * @throws IOException for no folder, an unreadable one, or one without such a picture
   */
  public static List<Path> truths(Path folder) throws IOException {
    return filled(list(folder).stream().filter(file -> !isLow(file)).toList(), folder);
  }

  /**
   * The degraded pictures of a folder: those that end in {@code _lr4} where there are any, else
   * all.
   *
   * @throws IOException for no folder, an unreadable one, or one without a picture
   */
  public static List<Path> degraded(Path folder) throws IOException {
    List<Path> all = list(folder);
    List<Path> low = all.stream().filter(ImageFolder::isLow).toList();
    return filled(low.isEmpty() ? all : low, folder);
  }

  /**
   * Pairs two folders: by name (without {@code _lr4} and {@code _hr}), or by sorted order when no
   * name of one occurs in the other.
   *
   * @throws IOException as above, or for folders that do not pair
   */
  public static List<Pair> pairs(Path degradedFolder, Path truthFolder) throws IOException {
    List<Path> degraded = degraded(degradedFolder);
    List<Path> truths = truths(truthFolder);
    if (degraded.size() != truths.size()) {
      throw new IOException(
          "the folders do not pair: %s has %d pictures, %s has %d"
              .formatted(degradedFolder, degraded.size(), truthFolder, truths.size()));
    }
    Map<String, Path> byName = byName(degraded);
    Map<String, Path> truthByName = byName(truths);
    if (truthByName.keySet().stream().noneMatch(byName::containsKey)) {
      return IntStream.range(0, truths.size())
          .mapToObj(i -> new Pair(name(truths.get(i)), degraded.get(i), truths.get(i)))
          .toList();
    }
    List<Pair> pairs = new ArrayList<>();
    for (Map.Entry<String, Path> truth : truthByName.entrySet()) {
      Path partner = byName.get(truth.getKey());
      if (partner == null) {
        throw new IOException(
            "the folders do not pair: %s has no picture named like %s"
                .formatted(degradedFolder, truth.getValue().getFileName()));
      }
      pairs.add(new Pair(truth.getKey(), partner, truth.getValue()));
    }
    return pairs;
  }

  /** A picture's name for reports: the file's, without extension, {@code _hr} and {@code _lr4}. */
  public static String name(Path file) {
    String stem = stem(file);
    return stem.endsWith(LOW)
        ? stem.substring(0, stem.length() - LOW.length())
        : stem.endsWith(HIGH) ? stem.substring(0, stem.length() - HIGH.length()) : stem;
  }

  private static Map<String, Path> byName(List<Path> files) throws IOException {
    Map<String, Path> byName = new LinkedHashMap<>();
    for (Path file : files) {
      Path earlier = byName.put(name(file), file);
      if (earlier != null) {
        throw new IOException(
            "two pictures have one name: %s and %s".formatted(earlier, file.getFileName()));
      }
    }
    return byName;
  }

  private static List<Path> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(
          Files.exists(folder)
              ? "%s is a file, not a folder of pictures".formatted(folder)
              : "there is no folder %s".formatted(folder));
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(ImageFolder::isPicture)
          .sorted(Comparator.comparing(file -> file.getFileName().toString()))
          .toList();
    } catch (AccessDeniedException e) {
      throw new IOException("the folder %s cannot be read".formatted(folder), e);
    }
  }

  private static boolean isPicture(Path file) {
    String name = file.getFileName().toString();
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return !name.startsWith(".") && EXTENSIONS.contains(extension) && Files.isRegularFile(file);
  }

  private static boolean isLow(Path file) {
    return stem(file).endsWith(LOW);
  }

  private static String stem(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private static List<Path> filled(List<Path> files, Path folder) throws IOException {
    if (files.isEmpty()) {
      throw new IOException("the folder %s holds no picture that can be used".formatted(folder));
    }
    return files;
  }
}
