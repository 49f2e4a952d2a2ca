/** The command line and the library, used as their users use them. */
@NullMarked
package io.github.taipan.tests.cli;

import org.jspecify.annotations.NullMarked;
