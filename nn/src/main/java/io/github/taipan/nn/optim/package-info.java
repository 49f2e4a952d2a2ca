/** Optimisers, learning-rate schedules, gradient clipping and averages of weights. */
@NullMarked
package io.github.taipan.nn.optim;

import org.jspecify.annotations.NullMarked;
