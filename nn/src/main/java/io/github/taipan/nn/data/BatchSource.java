package io.github.taipan.nn.data;

/**
 * Where training takes its batches from. A batch is a pure function of the step, so a run that
 * resumes at a step sees what it would have seen; called by several threads at once.
 */
@FunctionalInterface
public interface BatchSource {

  /** The batch of a step, counted from 0. */
  Batch batch(long step);
}
