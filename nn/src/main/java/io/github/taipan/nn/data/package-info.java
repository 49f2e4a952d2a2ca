/** From folders of pictures to the batches of a training run. */
@NullMarked
package io.github.taipan.nn.data;

import org.jspecify.annotations.NullMarked;
