/**
 * Measures restored pictures beside a baseline: {@link
 * io.github.taipan.vmambair.evaluation.Evaluation} sets {@link
 * io.github.taipan.vmambair.evaluation.Method}s side by side on a {@link
 * io.github.taipan.vmambair.evaluation.TestSet}, {@link
 * io.github.taipan.vmambair.evaluation.Sheets} shows where they differ.
 */
@NullMarked
package io.github.taipan.vmambair.evaluation;

import org.jspecify.annotations.NullMarked;
