package io.github.taipan.nn.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON that a safetensors header may hold: objects, arrays, texts and whole numbers, read
 * strictly. A key that comes twice, a number beyond 64 bits and deep nesting are errors.
 */
final class Json {
  private static final int DEEPEST = 8;

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /**
   * The value of UTF-8 bytes: a {@link Map}, a {@link List}, a {@link String} or a {@link Long}.
   */
  static Object parse(byte[] utf8) throws CheckpointException {
    Json json;
    try {
      json = new Json(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
    } catch (CharacterCodingException e) {
      throw new CheckpointException("has a header that is not UTF-8");
    }
    Object value = json.value(0);
    json.skipSpace();
    if (json.at < json.text.length()) {
      throw json.error("expected the end");
    }
    return value;
  }

  /** The JSON text of a string. */
  static String quote(String string) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  private Object value(int depth) throws CheckpointException {
    if (depth > DEEPEST) {
      throw error("nested too deeply");
    }
    skipSpace();
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw error("expected an object, an array, a text or a whole number");
    };
  }

  private Map<String, Object> object(int depth) throws CheckpointException {
    Map<String, Object> object = new LinkedHashMap<>();
    at++;
    if (next('}')) {
      return object;
    }
    do {
      skipSpace();
      if (peek() != '"') {
        throw error("expected a key");
      }
      String key = string();
      if (!next(':')) {
        throw error("expected ':'");
      }
      if (object.put(key, value(depth + 1)) != null) {
        throw error("the key '" + CheckpointException.quote(key) + "' comes twice");
      }
    } while (next(','));
    if (!next('}')) {
      throw error("expected ',' or '}'");
    }
    return object;
  }

  private List<Object> array(int depth) throws CheckpointException {
    List<Object> array = new ArrayList<>();
    at++;
    if (next(']')) {
      return array;
    }
    do {
      array.add(value(depth + 1));
    } while (next(','));
    if (!next(']')) {
      throw error("expected ',' or ']'");
    }
    return array;
  }

  private Long number() throws CheckpointException {
    int start = at;
    while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String digits = text.substring(start, at);
    if (!digits.matches("-?(0|[1-9][0-9]*)")) {
      throw error("expected a whole number");
    }
    try {
      return Long.valueOf(digits);
    } catch (NumberFormatException e) {
      throw error("a number beyond 64 bits");
    }
  }

  private String string() throws CheckpointException {
    StringBuilder string = new StringBuilder();
    at++;
    while (peek() != '"') {
      char c = take();
      if (c < ' ') {
        throw error("a control character in a text");
      }
      string.append(c == '\\' ? escaped() : c);
    }
    at++;
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(string)) {
      throw error("half a surrogate pair in a text");
    }
    return string.toString();
  }

  private char escaped() throws CheckpointException {
    char c = take();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          int digit = Character.digit(take(), 16);
          if (digit < 0) {
            throw error("expected four hexadecimal digits");
          }
          code = 16 * code + digit;
        }
        yield (char) code;
      }
      default -> throw error("an unknown escape");
    };
  }

  /** Passes over space, then over the wanted character if it stands there. */
  private boolean next(char wanted) {
    skipSpace();
    boolean found = at < text.length() && text.charAt(at) == wanted;
    if (found) {
      at++;
    }
    return found;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() throws CheckpointException {
    if (at >= text.length()) {
      throw error("it ends too early");
    }
    return text.charAt(at);
  }

  private char take() throws CheckpointException {
    char c = peek();
    at++;
    return c;
  }

  private CheckpointException error(String problem) {
    return new CheckpointException("has a bad header at character " + at + ": " + problem);
  }
}
