/** The documentation's snippets, run as they stand. */
@NullMarked
package io.github.taipan.tests.docs;

import org.jspecify.annotations.NullMarked;
