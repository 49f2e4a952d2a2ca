/** How a network learns: the loop, its state on disk, its log and plots. */
@NullMarked
package io.github.taipan.vmambair.training;

import org.jspecify.annotations.NullMarked;
