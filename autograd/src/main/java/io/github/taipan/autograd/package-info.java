/**
 * Reverse-mode automatic differentiation: variables that remember how they were made, and one
 * vector-Jacobian product per primitive.
 *
 * {@snippet :
 * Device device = new ReferenceDevice();
 * Variable x = Variable.constant(device.tensor(Shape.of(2, 3), 1, 2, 3, 4, 5, 6));
 * Variable weight = Variable.parameter(device.tensor(Shape.of(3, 1), 0.5f, -1, 2));
 * Variable target = Variable.constant(device.tensor(Shape.of(2, 1), 4, 10));
 * for (int step = 0; step < 100; step++) {
 *   weight.clearGradient();
 *   Losses.mseLoss(Functions.matmul(x, weight), target).backward();
 *   Variable update = Functions.multiply(Variable.constant(weight.gradient()), 0.02);
 *   device.write(weight.value(), Functions.subtract(weight.detach(), update).value().toDoubles());
 * }
 * }
 */
@NullMarked
package io.github.taipan.autograd;

import org.jspecify.annotations.NullMarked;
