/** Degradations: synthetic rain, and the two-stage chain of real-world super-resolution. */
@NullMarked
package io.github.taipan.vmambair.degradation;

import org.jspecify.annotations.NullMarked;
