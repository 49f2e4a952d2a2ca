/** The report: every kernel and the whole networks beside a roofline and peers, in one run. */
@NullMarked
package io.github.taipan.bench.report;

import org.jspecify.annotations.NullMarked;
