package io.github.taipan.autograd;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Tensor;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the graph knows of a variable that requires a gradient: how a gradient that arrives goes on
 * from here. A node keeps no values but those its step needs. Nodes are numbered as they are made,
 * so the inputs of a node have smaller numbers, and descending numbers are a reverse topological
 * order.
 */
final class Node implements Comparable<Node> {
  /** Turns the gradient of a result into those of what it was made from, and hands them on. */
  interface Step {
    void pull(Tensor gradient, BiConsumer<Node, Tensor> receiver);
  }

  private static final AtomicLong COUNT = new AtomicLong();
  private static final Step FREED =
      (_, _) -> {
        throw new IllegalStateException(
            "backward: an earlier backward pass freed this graph; let that one retain it.");
      };

  private final long number = COUNT.getAndIncrement();
  private @Nullable Step step;
  private @Nullable Tensor gradient;

  private Node(@Nullable Step step) {
    this.step = step;
  }

  /** The node of a parameter: gradients end and add up here. */
  static Node leaf() {
    return new Node(null);
  }

  /** The node of a computed result. */
  static Node of(Step step) {
    return new Node(step);
  }

  synchronized @Nullable Tensor gradient() {
    return gradient;
  }

  synchronized void clearGradient() {
    gradient = null;
  }

  private synchronized void accumulate(Tensor more) {
    gradient = gradient == null ? more : sum(gradient, more);
  }

  /**
   * Sends a gradient from this node to all leaves it was made from. Gradients on their way wait in
   * a map ordered by node, so each is complete when its node's turn comes, and is let go right
   * after.
   */
  void backward(Tensor upstream, boolean retain) {
    TreeMap<Node, Tensor> waiting = new TreeMap<>();
    waiting.put(this, upstream);
    for (Map.Entry<Node, Tensor> next; (next = waiting.pollLastEntry()) != null; ) {
      Node node = next.getKey();
      Step step = node.step;
      if (step == null) {
        node.accumulate(next.getValue());
        continue;
      }
      if (!retain) {
        node.step = FREED;
      }
      step.pull(next.getValue(), (to, more) -> waiting.merge(to, more, Node::sum));
    }
  }

  private static Tensor sum(Tensor a, Tensor b) {
    return a.device().run(new Binary.Add(), a, b);
  }

  @Override
  public int compareTo(Node other) {
    return Long.compare(number, other.number);
  }
}
