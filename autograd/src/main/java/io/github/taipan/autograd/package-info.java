/**
 * Reverse-mode automatic differentiation: variables that remember how they were made, and one
 * vector-Jacobian product per primitive.
 *
 * {@snippet :
 * Device device = new ReferenceDevice();
 * Variable x = Variable.constant(device.tensor(Shape.of(2, 2), 1, 2, 3, 4));
 * Variable target = Variable.constant(device.tensor(Shape.of(2, 1), 5, 11));
 * Variable weight = Variable.parameter(device.zeros(Shape.of(2, 1)));
 * Variable loss = Losses.mseLoss(Functions.matmul(x, weight), target); // 73
 * loss.backward();
 * Tensor gradient = Objects.requireNonNull(weight.gradient()); // -38, -54
 * Variable step = Functions.multiply(Variable.constant(gradient), -0.01);
 * device.write(weight.value(), Functions.add(weight.detach(), step).value().toDoubles());
 * weight.clearGradient();
 * }
 */
@NullMarked
package io.github.taipan.autograd;

import org.jspecify.annotations.NullMarked;
