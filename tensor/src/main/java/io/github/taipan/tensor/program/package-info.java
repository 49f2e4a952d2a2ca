/** Recorded work: programs, the passes that improve them, and how they are run. */
@NullMarked
package io.github.taipan.tensor.program;

import org.jspecify.annotations.NullMarked;
