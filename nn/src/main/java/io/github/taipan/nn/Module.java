package io.github.taipan.nn;

import io.github.taipan.autograd.Variable;

/** A part of a network: a function of one variable whose parameters it holds. */
@FunctionalInterface
public interface Module {
  /** Applies the module. */
  Variable forward(Variable x);

  /** This module, and then another. */
  default Module then(Module next) {
    return x -> next.forward(forward(x));
  }
}
