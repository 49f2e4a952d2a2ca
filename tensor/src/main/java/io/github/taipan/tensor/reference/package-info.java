/** The executable specification of every primitive: plain loops in float64. */
@NullMarked
package io.github.taipan.tensor.reference;

import org.jspecify.annotations.NullMarked;
