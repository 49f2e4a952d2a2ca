package io.github.taipan.vmambair.evaluation;

import io.github.taipan.nn.data.ImageFolder;
import io.github.taipan.nn.image.Image;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What methods reach on a set of pictures.
 *
 * {@snippet :
 * Restorer restorer = Restorer.load("sr4-light");
 * Evaluation evaluation =
 *     Evaluation.of(
 *         List.of(Method.baseline(4), Method.of("sr4-light", restorer)),
 *         List.of(new Measure.Psnr(Protocol.y(4))),
 *         TestSet.of(Path.of("Set5"), null, 4),
 *         compared -> {});
 * Interval gain = evaluation.difference(1, 0);
 * }
 *
 * @param methods their names; the first is the baseline
 * @param measures what was measured
 * @param rows one for each picture
 */
public record Evaluation(List<String> methods, List<Measure> measures, List<Row> rows) {
  /**
   * One picture.
   *
   * @param values {@code [method][measure]}
   */
  public record Row(String name, List<List<Double>> values) {
    /** A method's measure, by their indices. */
    public double value(int method, int measure) {
      return values.get(method).get(measure);
    }

    /** How much larger a method's measure is than the baseline's. */
    public double difference(int method, int measure) {
      return value(method, measure) - value(0, measure);
    }
  }

  /**
   * A picture as soon as it is measured.
   *
   * @param results each method's, of the true picture's size
   */
  public record Compared(Row row, Image truth, List<Image> results) {}

  /** Who is told of each picture. */
  @FunctionalInterface
  public interface Listener {
    /** A picture has been restored by all methods and measured. */
    void compared(Compared picture) throws IOException;
  }

  /**
   * Restores and measures all pictures.
   *
   * @param methods the baseline, then what is set beside it
   * @throws IOException one sentence that names the file: it cannot be read, does not fit its
   *     partner, or is too small for a measure
   */
  public static Evaluation of(
      List<Method> methods, List<Measure> measures, TestSet pictures, Listener listener)
      throws IOException {
    List<Row> rows = new ArrayList<>();
    for (ImageFolder.Pair pair : pictures.pairs()) {
      TestSet.Sample sample = pictures.read(pair);
      List<Image> results = new ArrayList<>();
      List<List<Double>> values = new ArrayList<>();
      for (Method method : methods) { // one that cannot be measured fails before any model runs
        Image result = method.restoration().apply(sample.input());
        results.add(result);
        values.add(measure(measures, result, sample.truth(), pair));
      }
      Row row = new Row(pair.name(), List.copyOf(values));
      rows.add(row);
      listener.compared(new Compared(row, sample.truth(), List.copyOf(results)));
    }
    return new Evaluation(
        methods.stream().map(Method::name).toList(), List.copyOf(measures), List.copyOf(rows));
  }

  private static List<Double> measure(
      List<Measure> measures, Image result, Image truth, ImageFolder.Pair pair) throws IOException {
    try {
      return measures.stream().map(measure -> measure.of(result, truth)).toList();
    } catch (IllegalArgumentException e) {
      throw new IOException("%s cannot be measured: %s".formatted(pair.truth(), e.getMessage()), e);
    }
  }

  /** The mean of a method's measure over the pictures. */
  public Interval mean(int method, int measure) {
    return interval(row -> row.value(method, measure));
  }

  /**
   * The mean of what a method's measure is larger by than the baseline's. It is paired: how much
   * pictures differ from each other does not widen the interval.
   */
  public Interval difference(int method, int measure) {
    return interval(row -> row.difference(method, measure));
  }

  private Interval interval(ToDoubleFunction<Row> value) {
    return Interval.of(rows.stream().mapToDouble(value).toArray());
  }
}
