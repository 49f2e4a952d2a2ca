/**
 * Image restoration with VmambaIR: {@link io.github.taipan.vmambair.Restorer} is the way in. The
 * network is in {@code model}, how it learns in {@code training}, how it is measured in {@code
 * evaluation}, the command line in {@code cli}.
 */
@NullMarked
package io.github.taipan.vmambair;

import org.jspecify.annotations.NullMarked;
