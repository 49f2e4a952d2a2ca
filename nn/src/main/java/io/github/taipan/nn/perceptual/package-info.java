/** Distances of pictures by the features of a VGG network: one to train with, two to measure by. */
@NullMarked
package io.github.taipan.nn.perceptual;

import org.jspecify.annotations.NullMarked;
