/** Named parameters, layers, and how both are initialised. */
@NullMarked
package io.github.taipan.nn;

import org.jspecify.annotations.NullMarked;
