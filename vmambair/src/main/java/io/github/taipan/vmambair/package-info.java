/** Image restoration with VmambaIR: the networks, and the picture files around them. */
@NullMarked
package io.github.taipan.vmambair;

import org.jspecify.annotations.NullMarked;
