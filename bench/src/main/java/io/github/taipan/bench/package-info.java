/** JMH benchmarks of the devices. */
@NullMarked
package io.github.taipan.bench;

import org.jspecify.annotations.NullMarked;
