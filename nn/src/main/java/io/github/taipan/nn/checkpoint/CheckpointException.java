package io.github.taipan.nn.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file that is no checkpoint, a damaged or hostile one, or one that does not fit; one sentence.
 */
public final class CheckpointException extends IOException {
  private static final long serialVersionUID = 1;
  private static final int LONGEST_QUOTE = 100;

  private final String sentence;

  /** A problem, in one sentence whose subject, the file, is added by {@link #in}. */
  public CheckpointException(String sentence) {
    super(sentence);
    this.sentence = sentence;
  }

  private CheckpointException(String sentence, Throwable cause) {
    super(sentence, cause);
    this.sentence = sentence;
  }

  /** What is wrong, in one sentence. */
  @Override
  public String getMessage() {
    return sentence;
  }

  /** The same problem, said of a file. */
  public CheckpointException in(Path file) {
    return new CheckpointException(quote(String.valueOf(file)) + ": " + sentence, this);
  }

  /** Text from a file made fit for a message: shortened, and without control characters. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder();
    int end = Math.min(text.length(), LONGEST_QUOTE);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      boolean plain = c >= ' ' && c != 0x7f && (c < 0x80 || Character.isLetterOrDigit(c));
      quoted.append(plain ? c : '?');
    }
    return end < text.length() ? quoted.append("...").toString() : quoted.toString();
  }
}
