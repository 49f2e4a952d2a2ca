package io.github.taipan.nn;

import io.github.taipan.autograd.Variable;
import io.github.taipan.tensor.Shape;

/** A place in a network's tree of names, where a part of the network registers its parameters. */
public final class Scope {
  private final Parameters parameters;
  private final String name;

  Scope(Parameters parameters, String name) {
    this.parameters = parameters;
    this.name = name;
  }

  /** The dotted name of this place, empty at the root. */
  public String name() {
    return name;
  }

  /** The place {@code name.child}. */
  public Scope child(String child) {
    return new Scope(parameters, name.isEmpty() ? child : name + "." + child);
  }

  /** The place {@code name.index}. */
  public Scope child(int index) {
    return child(Integer.toString(index));
  }

  /** Registers a parameter here, filled by its law. */
  public Variable parameter(String parameter, Initializer law, int... sizes) {
    return parameters.register(child(parameter).name, Shape.of(sizes), law, true);
  }

  /** Registers a buffer here: a constant that is saved and loaded with the parameters. */
  public Variable buffer(String buffer, Initializer law, int... sizes) {
    return parameters.register(child(buffer).name, Shape.of(sizes), law, false);
  }

  /**
   * Fixes the order of this place's own parameters, whatever the order in which they are registered
   * later; names that never are registered leave no trace.
   */
  public void order(String... names) {
    for (String parameter : names) {
      parameters.reserve(child(parameter).name);
    }
  }

  /** Lets observers see what the module at this place computed; returns it unchanged. */
  public Variable observe(Variable output) {
    return Observation.report(name, output);
  }
}
