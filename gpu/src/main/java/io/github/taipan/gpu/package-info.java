/** The GPU device, on TornadoVM. So far it finds the SDK and says what is missing. */
@NullMarked
package io.github.taipan.gpu;

import org.jspecify.annotations.NullMarked;
