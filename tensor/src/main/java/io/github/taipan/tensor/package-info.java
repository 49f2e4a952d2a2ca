/** Tensors, the closed set of primitives, and the devices that execute them. */
@NullMarked
package io.github.taipan.tensor;

import org.jspecify.annotations.NullMarked;
