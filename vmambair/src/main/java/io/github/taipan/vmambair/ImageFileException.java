package io.github.taipan.vmambair;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A picture file cannot be read or written; the message is one sentence for the user. */
public final class ImageFileException extends IOException {
  private static final long serialVersionUID = 1;

  ImageFileException(String sentence) {
    this(sentence, null);
  }

  ImageFileException(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
  }
}
