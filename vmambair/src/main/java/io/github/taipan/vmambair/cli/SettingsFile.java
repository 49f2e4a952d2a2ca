package io.github.taipan.vmambair.cli;

import io.github.taipan.vmambair.degradation.Range;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/**
 * Settings in YAML. They are records of numbers, enums, ranges (lists of two numbers) and further
 * records (mappings); a file changes those that it names.
 */
final class SettingsFile {
  private SettingsFile() {}

  /** The defaults with what the file says instead. */
  static <S extends Record> S read(Path file, S defaults) throws IOException {
    try {
      return changed(defaults, YamlFile.mapping(file, "settings file"), "");
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** A file that changes nothing, but names everything. */
  static String text(Record settings) {
    return new Dump(DumpSettings.builder().build()).dumpToString(tree(settings));
  }

  private static Object tree(Object value) {
    return switch (value) {
      case Range(double low, double high) -> List.of(tree(low), tree(high));
      case Record settings -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
          map.put(key(component.getName()), tree(get(settings, component)));
        }
        yield map;
      }
      case Enum<?> choice -> key(choice.name());
      case Double number when number == Math.rint(number) -> number.longValue();
      default -> value;
    };
  }

  private static <S extends Record> S changed(S defaults, Map<?, ?> changes, String path) {
    RecordComponent[] components = defaults.getClass().getRecordComponents();
    List<String> keys = Arrays.stream(components).map(c -> key(c.getName())).toList();
    for (Object key : changes.keySet()) {
      if (!keys.contains(String.valueOf(key))) {
        throw new IllegalArgumentException(
            "does not know \"%s%s\"; there are %s".formatted(path, key, String.join(", ", keys)));
      }
    }
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      Object old = get(defaults, components[i]);
      String key = keys.get(i);
      types[i] = components[i].getType();
      values[i] = changes.containsKey(key) ? changed(old, changes.get(key), path + key) : old;
    }
    try {
      @SuppressWarnings("unchecked") // the class of an S makes an S
      S made = (S) defaults.getClass().getDeclaredConstructor(types).newInstance(values);
      return made;
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(
          path.replaceFirst("\\.$", ": ") + e.getTargetException().getMessage(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object changed(Object old, @Nullable Object given, String path) {
    return switch (old) {
      case Range range -> {
        if (given instanceof List<?> pair
            && pair.size() == 2
            && pair.get(0) instanceof Number low
            && pair.get(1) instanceof Number high) {
          try {
            yield new Range(low.doubleValue(), high.doubleValue());
          } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
          }
        }
        throw new IllegalArgumentException(path + " is a range [low, high], got " + given);
      }
      case Record settings -> {
        if (given instanceof Map<?, ?> map) {
          yield changed(settings, map, path + ".");
        }
        throw new IllegalArgumentException(path + " is a mapping, got " + given);
      }
      case Enum<?> choice -> choice(choice.getDeclaringClass(), given, path);
      case Double number when given instanceof Number value -> value.doubleValue();
      case Integer number when given instanceof Integer value -> value;
      case Boolean truth when given instanceof Boolean value -> value;
      default ->
          throw new IllegalArgumentException(
              "%s is %s, got %s"
                  .formatted(
                      path,
                      switch (old) {
                        case Integer number -> "a whole number";
                        case Boolean truth -> "true or false";
                        default -> "a number";
                      },
                      given));
    };
  }

  private static Object choice(Class<?> type, @Nullable Object given, String path) {
    Object[] choices = type.getEnumConstants();
    return Arrays.stream(choices)
        .filter(choice -> key(choice.toString()).equals(given))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s is one of %s, got %s"
                        .formatted(
                            path,
                            Arrays.stream(choices)
                                .map(choice -> key(choice.toString()))
                                .collect(Collectors.joining(", ")),
                            given)));
  }

  private static Object get(Record settings, RecordComponent component) {
    try {
      return component.getAccessor().invoke(settings);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A Java name as a key: generalisedBeta as generalised_beta. */
  private static String key(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
