/** The command line: one class a command. */
@NullMarked
package io.github.taipan.vmambair.cli;

import org.jspecify.annotations.NullMarked;
