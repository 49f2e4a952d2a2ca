package io.github.taipan.vmambair.degradation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * A degradation that can be asked for by name.
 *
 * @param defaults its settings, a record of numbers, ranges, enums and further such records
 * @param maker makes it of such settings
 */
public record DegradationKind<S extends Record>(S defaults, Function<S, Degradation> maker) {

  /** All, by name. */
  public static SequencedMap<String, DegradationKind<?>> named() {
    SequencedMap<String, DegradationKind<?>> kinds = new LinkedHashMap<>();
    kinds.put(
        "real-world", new DegradationKind<>(RealWorldSettings.DEFAULT, RealWorldDegradation::new));
    kinds.put("rain", new DegradationKind<>(Rain.Settings.RAIN100H, Rain::new));
    kinds.put("bicubic", new DegradationKind<>(new BicubicDegradation(), itself -> itself));
    return Collections.unmodifiableSequencedMap(kinds);
  }
}
