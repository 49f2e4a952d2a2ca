package io.github.taipan.vmambair.cli;

import io.github.taipan.tensor.Primitive;
import io.github.taipan.tensor.Shape;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads a primitive from its name and attributes, as in {@code Conv2d(1, 1, 1)} or, the way that it
 * prints itself, {@code Conv2d[stride=1, padding=1, groups=1]}. Lists stand in brackets, shapes are
 * sizes with x between them.
 */
final class PrimitiveText {
  private static final Map<String, Class<?>> RECORDS = new LinkedHashMap<>();

  static {
    collect(Primitive.class);
    RECORDS.remove("Fused"); // whose parts are too much for a line
  }

  private final String text;
  private int at;

  private PrimitiveText(String text) {
    this.text = text;
  }

  private static void collect(Class<?> type) {
    if (type.isRecord()) {
      RECORDS.put(type.getSimpleName(), type);
    } else {
      for (Class<?> permitted : type.getPermittedSubclasses()) {
        collect(permitted);
      }
    }
  }

  /** How each primitive is written, one a line. */
  static List<String> all() {
    return RECORDS.values().stream()
        .map(
            type ->
                "%s(%s)"
                    .formatted(
                        type.getSimpleName(),
                        Arrays.stream(type.getRecordComponents())
                            .map(RecordComponent::getName)
                            .collect(Collectors.joining(", "))))
        .toList();
  }

  /**
   * The primitive.
   *
   * @throws IllegalArgumentException one sentence: what is not understood
   */
  static Primitive parse(String text) {
    PrimitiveText parser = new PrimitiveText(text);
    Object value = parser.value(Primitive.class);
    parser.skip();
    if (parser.at < text.length()) {
      throw parser.wrong("nothing more");
    }
    return (Primitive) value;
  }

  /** Sizes with x between them. */
  static Shape shape(String text) {
    try {
      return Shape.of(Arrays.stream(text.split("x", -1)).map(Integer::valueOf).toList());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "\"%s\" is no shape; write sizes with x between them, as in 1x64x64x48".formatted(text),
          e);
    }
  }

  private Object value(Type type) {
    if (type instanceof ParameterizedType list) {
      return list(list.getActualTypeArguments()[0]);
    }
    Class<?> plain = (Class<?>) type;
    String word = word();
    if (plain.isEnum()) {
      return Arrays.stream(plain.getEnumConstants())
          .filter(constant -> constant.toString().equalsIgnoreCase(word))
          .findFirst()
          .orElseThrow(() -> wrong("one of " + Arrays.toString(plain.getEnumConstants())));
    }
    try {
      return switch (plain.getSimpleName()) {
        case "int", "Integer" -> Integer.valueOf(word);
        case "double" -> Double.valueOf(word);
        case "boolean" -> Boolean.valueOf(word);
        case "Shape" -> shape(word);
        default -> record(plain, word);
      };
    } catch (NumberFormatException e) {
      throw wrong("a number instead of \"" + word + "\"");
    }
  }

  private Object record(Class<?> wanted, String name) {
    Class<?> type = RECORDS.get(name);
    if (type == null || !wanted.isAssignableFrom(type)) {
      throw new IllegalArgumentException(
          "no primitive is named \"%s\": \"taipan kernels\" lists all".formatted(name));
    }
    List<Object> values = new ArrayList<>();
    RecordComponent[] components = type.getRecordComponents();
    boolean open = take('(') || take('[');
    for (int i = 0; i < components.length; i++) {
      if (!open || (i > 0 && !take(','))) {
        throw wrong("all attributes of " + name);
      }
      values.add(value(components[i].getGenericType()));
    }
    if (open && !take(')') && !take(']')) {
      throw wrong("the end of " + name);
    }
    try {
      return type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new))
          .newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Object> list(Type element) {
    if (!take('[')) {
      throw wrong("a list in brackets");
    }
    List<Object> values = new ArrayList<>();
    while (!take(']')) {
      if (!values.isEmpty() && !take(',')) {
        throw wrong("a comma or a bracket");
      }
      values.add(value(element));
    }
    return values;
  }

  /** The next name or number; a name and = before it are left out. */
  private String word() {
    skip();
    int start = at;
    while (at < text.length() && "(),[] =".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(start, at);
    return take('=') ? word() : word;
  }

  private boolean take(char wanted) {
    skip();
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void skip() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private IllegalArgumentException wrong(String wanted) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "\"%s\" is not understood: character %d should begin %s",
            text,
            at + 1,
            wanted));
  }
}
