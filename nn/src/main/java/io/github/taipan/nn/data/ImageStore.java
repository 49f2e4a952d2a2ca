package io.github.taipan.nn.data;

import io.github.taipan.nn.image.Image;
import java.util.List;

/**
 * Numbered RGB pictures that crops are taken of: held in memory, or mapped from a file. Equal
 * pictures give equal crops from either. May be used by several threads.
 */
public sealed interface ImageStore permits ImageStore.InMemory, MappedImages {
  /** The number of pictures. */
  int size();

  /** What a picture is called in messages. */
  String name(int picture);

  /** In pixels. */
  int height(int picture);

  /** In pixels. */
  int width(int picture);

  /** The rectangle of a picture that begins at (top, left), with three channels. */
  Image crop(int picture, int top, int left, int height, int width);

  /** A whole picture. */
  default Image picture(int picture) {
    return crop(picture, 0, 0, height(picture), width(picture));
  }

  /** Pictures in memory; grey ones become RGB. */
  static ImageStore of(List<Image> pictures) {
    return new InMemory(pictures.stream().map(Image::toRgb).toList());
  }

  /** As the name says. */
  record InMemory(List<Image> pictures) implements ImageStore {
    /** Keeps the pictures, which are RGB. */
    public InMemory {
      pictures = List.copyOf(pictures);
      if (pictures.stream().anyMatch(Image::isGrey)) {
        throw new IllegalArgumentException("a store of pictures holds RGB, not grey");
      }
    }

    @Override
    public int size() {
      return pictures.size();
    }

    @Override
    public String name(int picture) {
      return "picture " + picture;
    }

    @Override
    public int height(int picture) {
      return pictures.get(picture).height();
    }

    @Override
    public int width(int picture) {
      return pictures.get(picture).width();
    }

    @Override
    public Image crop(int picture, int top, int left, int height, int width) {
      return pictures.get(picture).crop(top, left, height, width);
    }
  }
}
