/** The networks against the outputs, activations and gradients of the official PyTorch code. */
@NullMarked
package io.github.taipan.tests.parity;

import org.jspecify.annotations.NullMarked;
