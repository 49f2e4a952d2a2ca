/** How a network learns against a discriminator: that network and the losses of both. */
@NullMarked
package io.github.taipan.vmambair.adversarial;

import org.jspecify.annotations.NullMarked;
