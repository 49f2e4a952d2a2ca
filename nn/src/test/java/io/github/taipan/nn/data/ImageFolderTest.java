package io.github.taipan.nn.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  @TempDir Path folder;

  private Path make(String name, String... files) throws IOException {
    Path made = Files.createDirectories(folder.resolve(name));
    for (String file : files) {
      Files.createFile(made.resolve(file));
    }
    return made;
  }

  private static List<String> names(List<Path> files) {
    return files.stream().map(file -> file.getFileName().toString()).toList();
  }

  private static void assertRefused(String sentence, Executable action) {
    String message = String.valueOf(assertThrows(IOException.class, action).getMessage());
    assertTrue(message.contains(sentence), message);
  }

  @Test
  void picturesAreSortedAndOthersLeftOut() throws IOException {
    Path set = make("set", "b_hr.png", "b_lr4.png", "a_hr.JPG", "CREDITS.tsv", ".c.png");
    Files.createDirectory(set.resolve("d.png"));
    assertEquals(List.of("a_hr.JPG", "b_hr.png"), names(ImageFolder.truths(set)));
    assertEquals(List.of("b_lr4.png"), names(ImageFolder.degraded(set)));
  }

  @Test
  void oneFolderMayHoldBothSides() throws IOException {
    Path set = make("set", "2_hr.png", "1_lr4.png", "1_hr.png", "2_lr4.png");
    List<ImageFolder.Pair> pairs = ImageFolder.pairs(set, set);
    assertEquals(
        new ImageFolder.Pair("1", set.resolve("1_lr4.png"), set.resolve("1_hr.png")), pairs.get(0));
    assertEquals("2", pairs.get(1).name());
  }

  @Test
  void pairsAreMadeByNameOrElseByOrder() throws IOException {
    Path truth = make("truth", "1.png", "10.png", "2.png");
    Path sameNames = make("same", "1.jpg", "2.jpg", "10.jpg");
    Path otherNames = make("other", "rain-a.png", "rain-b.png", "rain-c.png");
    for (ImageFolder.Pair pair : ImageFolder.pairs(sameNames, truth)) {
      assertEquals(ImageFolder.name(pair.degraded()), ImageFolder.name(pair.truth()));
    }
    ImageFolder.Pair second = ImageFolder.pairs(otherNames, truth).get(1);
    assertEquals("rain-b.png", second.degraded().getFileName().toString());
    assertEquals("10", second.name());
  }

  @Test
  void foldersThatDoNotPairAreRefused() throws IOException {
    Path three = make("three", "1.png", "2.png", "3.png");
    Path two = make("two", "1.png", "2.png");
    Path shifted = make("shifted", "2.png", "3.png", "4.png");
    Path twice = make("twice", "1.png", "1.jpg", "2.png");
    assertRefused("has 2 pictures", () -> ImageFolder.pairs(two, three));
    assertRefused("no picture named like 1.png", () -> ImageFolder.pairs(shifted, three));
    assertRefused("two pictures have one name", () -> ImageFolder.pairs(twice, three));
  }

  @Test
  void whatIsNoFolderOfPicturesIsRefused() throws IOException {
    Path empty = make("empty", "notes.txt", "a_lr4.png");
    assertRefused("holds no picture", () -> ImageFolder.truths(empty));
    assertRefused("is a file", () -> ImageFolder.truths(empty.resolve("notes.txt")));
    assertRefused("there is no folder", () -> ImageFolder.truths(folder.resolve("none")));
  }
}
