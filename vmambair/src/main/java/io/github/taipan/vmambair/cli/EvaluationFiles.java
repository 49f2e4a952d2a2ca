package io.github.taipan.vmambair.cli;

import io.github.taipan.vmambair.evaluation.Evaluation;
import io.github.taipan.vmambair.evaluation.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** An evaluation as files for programs. */
final class EvaluationFiles {
  private EvaluationFiles() {}

  /**
   * RFC 4180: a line for each picture and method, then each method's means, half widths of their
   * confidence intervals, and the same of the differences to the baseline. What there is no number
   * for is empty.
   */
  static String csv(Evaluation evaluation) {
    int measures = evaluation.measures().size();
    List<String> methods = evaluation.methods();
    List<String> lines = new ArrayList<>();
    lines.add(
        Stream.concat(Stream.of("statistic,picture,method"), keys(evaluation))
            .collect(Collectors.joining(",")));
    for (Evaluation.Row row : evaluation.rows()) {
      for (int method = 0; method < methods.size(); method++) {
        int m = method;
        lines.add(line("value", row.name(), methods.get(m), measures, i -> row.value(m, i)));
      }
    }
    for (int method = 0; method < methods.size(); method++) {
      int m = method;
      String name = methods.get(m);
      lines.add(line("mean", "", name, measures, i -> evaluation.mean(m, i).mean()));
      lines.add(line("interval", "", name, measures, i -> evaluation.mean(m, i).halfWidth()));
      if (m > 0) {
        lines.add(line("difference", "", name, measures, i -> evaluation.difference(m, i).mean()));
        lines.add(
            line(
                "difference_interval",
                "",
                name,
                measures,
                i -> evaluation.difference(m, i).halfWidth()));
      }
    }
    return lines.stream().map(line -> line + "\r\n").collect(Collectors.joining());
  }

  private static String line(
      String statistic, String picture, String method, int measures, IntToDoubleFunction value) {
    return statistic
        + ","
        + quote(picture)
        + ","
        + quote(method)
        + IntStream.range(0, measures)
            .mapToDouble(value)
            .mapToObj(v -> "," + (Double.isNaN(v) ? "" : Double.toString(v)))
            .collect(Collectors.joining());
  }

  /** A cell: within quotation marks where it needs them, its own doubled. */
  private static String quote(String cell) {
    return cell.matches("[^\",\\r\\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  private static Stream<String> keys(Evaluation evaluation) {
    return evaluation.measures().stream().map(EvaluationFiles::key);
  }

  private static String key(Measure measure) {
    return measure.name().replace('-', '_');
  }

  /**
   * One object of the first model's figures, with a list "others" of such objects for further ones.
   *
   * @param names what the models were asked for by
   */
  static String json(Evaluation evaluation, List<String> names, String protocol) {
    String others =
        IntStream.rangeClosed(2, names.size())
            .mapToObj(method -> "{" + model(evaluation, names, method).indent(4).strip() + "}")
            .collect(Collectors.joining(",\n    "));
    return """
    {
      "baseline": %s,
      "protocol": %s,
      %s,
      "others": [%s]
    }
    """
        .formatted(
            Json.quote(evaluation.methods().getFirst()),
            Json.quote(protocol),
            model(evaluation, names, 1),
            others);
  }

  private static String model(Evaluation evaluation, List<String> names, int method) {
    String images =
        evaluation.rows().stream()
            .map(
                row ->
                    "    {\"name\": %s, %s}"
                        .formatted(
                            Json.quote(row.name()),
                            both(evaluation, method, (m, i) -> row.value(m, i))))
            .collect(Collectors.joining(",\n"));
    Figure mean = (m, i) -> evaluation.mean(m, i).mean();
    Figure interval = (m, i) -> evaluation.mean(m, i).halfWidth();
    return """
    "model": %s,
      "images": [
    %s
      ],
      "mean": {%s},
      "interval": {%s},
      "difference": {%s},
      "difference_interval": {%s}\
    """
        .formatted(
            Json.quote(names.get(method - 1)),
            images,
            both(evaluation, method, mean),
            both(evaluation, method, interval),
            fields(evaluation, "", i -> evaluation.difference(method, i).mean()),
            fields(evaluation, "", i -> evaluation.difference(method, i).halfWidth()));
  }

  /** A number of a method and measure, by their indices. */
  private interface Figure {
    double of(int method, int measure);
  }

  /** A method's figures and the baseline's. */
  private static String both(Evaluation evaluation, int method, Figure figure) {
    return fields(evaluation, "", i -> figure.of(method, i))
        + ", "
        + fields(evaluation, "baseline_", i -> figure.of(0, i));
  }

  private static String fields(Evaluation evaluation, String prefix, IntToDoubleFunction value) {
    return IntStream.range(0, evaluation.measures().size())
        .mapToObj(
            i ->
                "\"%s%s\": %s"
                    .formatted(
                        prefix,
                        key(evaluation.measures().get(i)),
                        Json.number(value.applyAsDouble(i))))
        .collect(Collectors.joining(", "));
  }
}
