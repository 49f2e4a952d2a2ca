package io.github.taipan.vmambair.model;

import static io.github.taipan.autograd.Functions.add;

import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.LayerNorm;
import io.github.taipan.nn.Module;
import io.github.taipan.nn.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The OSS block (arXiv 2403.11423, Fig. 2): {@code x ← x + attn(norm1(x))}, then {@code x ← x +
 * ffn(norm2(x))}; the second half is missing in the ablation without EFFN.
 */
public final class OssBlock implements Module {
  private final Scope scope;
  private final Module attention;
  private final @Nullable Module feedForward;

  /** A block at a place of the network, for maps of so many channels. */
  public OssBlock(Scope scope, int channels, Configuration configuration) {
    this.scope = scope;
    LayerNorm norm1 = LayerNorm.of(scope.child("norm1"), channels);
    attention = norm1.then(OmniSelectiveScan.of(scope.child("attn"), channels, configuration));
    if (configuration.variant() == Variant.NO_EFFN) {
      feedForward = null;
    } else {
      LayerNorm norm2 = LayerNorm.of(scope.child("norm2"), channels);
      feedForward = norm2.then(Effn.of(scope.child("ffn"), channels));
    }
  }

  @Override
  public Variable forward(Variable x) {
    Variable scanned = add(x, attention.forward(x));
    return scope.observe(
        feedForward == null ? scanned : add(scanned, feedForward.forward(scanned)));
  }
}
