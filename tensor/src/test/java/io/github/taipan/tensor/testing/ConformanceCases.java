package io.github.taipan.tensor.testing;

import io.github.taipan.tensor.Primitive;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.testing.ConformanceCase.Operand;
import io.github.taipan.tensor.testing.ConformanceCase.Tolerance;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The cases of every primitive, over shapes around the vector widths, primes and empty ones. */
public final class ConformanceCases {
  private static final List<ConformanceCase> ALL =
      List.copyOf(
          Stream.of(
                  PointwiseCases.all(),
                  AlgebraCases.all(),
                  ConvolutionCases.all(),
                  MapCases.all(),
                  LayoutCases.all(),
                  ScanCases.all(),
                  FusedCases.all())
              .flatMap(List::stream)
              .toList());

  private ConformanceCases() {}

  /** All cases. */
  public static List<ConformanceCase> all() {
    return ALL;
  }

  /** The cases of one primitive. */
  public static List<ConformanceCase> of(Class<? extends Primitive> primitive) {
    return ALL.stream().filter(c -> primitive.isInstance(c.primitive())).toList();
  }

  /** All records of the sealed hierarchy, in the order of their declarations. */
  public static Set<Class<? extends Primitive>> primitives() {
    Set<Class<? extends Primitive>> records = new LinkedHashSet<>();
    collect(Primitive.class, records);
    return records;
  }

  private static void collect(Class<?> type, Set<Class<? extends Primitive>> records) {
    if (type.isRecord()) {
      records.add(type.asSubclass(Primitive.class));
    } else {
      for (Class<?> permitted : type.getPermittedSubclasses()) {
        collect(permitted, records);
      }
    }
  }

  /** Collects the cases of a family. */
  static final class Collector {
    private final List<ConformanceCase> cases = new ArrayList<>();

    void exact(Primitive primitive, Operand... operands) {
      add(primitive, Tolerance.EXACT, operands);
    }

    void rounded(Primitive primitive, Operand... operands) {
      add(primitive, Tolerance.ROUNDED, operands);
    }

    /** The gradient of x, where the upstream gradient has the shape of the primitive's output. */
    void roundedGradient(Primitive gradient, Primitive primitive, Operand x) {
      rounded(gradient, upstream(primitive, x));
    }

    private void add(Primitive primitive, Tolerance tolerance, Operand... operands) {
      cases.add(new ConformanceCase(primitive, List.of(operands), tolerance));
    }

    List<ConformanceCase> cases() {
      return cases;
    }
  }

  /** An upstream gradient for the output of a primitive. */
  static Operand upstream(Primitive primitive, Operand... operands) {
    List<Shape> shapes = Stream.of(operands).map(Operand::shape).toList();
    return Operand.of(primitive.outputs(shapes).getFirst()).constant();
  }
}
