package io.github.taipan.vmambair.model;

import static io.github.taipan.autograd.Functions.add;
import static io.github.taipan.autograd.Functions.concat;
import static io.github.taipan.autograd.Functions.pixelShuffle;
import static io.github.taipan.autograd.Functions.pixelUnshuffle;
import static io.github.taipan.autograd.Functions.resizeNearest;

import io.github.taipan.autograd.GradientCheckpoint;
import io.github.taipan.autograd.NoGradient;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Conv2d;
import io.github.taipan.nn.Module;
import io.github.taipan.nn.Parameters;
import io.github.taipan.nn.Scope;
import io.github.taipan.tensor.Constants;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.ShapeException;
import io.github.taipan.tensor.program.Program;
import java.util.ArrayList;
import java.util.List;

/**
 * VmambaIR (Shi et al. 2024, arXiv 2403.11423), as released: a U-Net of {@link OssBlock}s over four
 * levels. Each level down halves the map and doubles the channels; each level up joins the
 * encoder's map of the same size. There is no reducing convolution after the last join, so decoder
 * level 1 and the refinement blocks work on twice {@code dim} channels.
 *
 * <p>Input {@code [batch, height, width, 3]} with sides that are multiples of 8 and values in [0,
 * 1]; output {@code [batch, scale·height, scale·width, 3]}, not clamped.
 */
public final class VmambaIR implements Module {
  private final Configuration configuration;
  private final boolean checkpointing;
  private final Module patchEmbed;
  private final List<Module> encoder = new ArrayList<>();
  private final List<Module> down = new ArrayList<>();
  private final List<Module> up = new ArrayList<>();
  private final List<Module> reduce = new ArrayList<>();
  private final List<Module> decoder = new ArrayList<>();
  private final Module latent;
  private final Module refinement;
  private final Module tail;

  /** A network whose parameters are registered in the order of the released state dicts. */
  public VmambaIR(Configuration configuration, Parameters parameters) {
    this(configuration, parameters, false);
  }

  /**
   * As {@link #VmambaIR(Configuration, Parameters)}.
   *
   * @param checkpointing whether the backward pass keeps only the input of each block and computes
   *     the rest again: less memory, more time, the same gradients
   */
  public VmambaIR(Configuration configuration, Parameters parameters, boolean checkpointing) {
    this.configuration = configuration;
    this.checkpointing = checkpointing;
    int dim = configuration.dim();
    List<Integer> blocks = configuration.blocks();
    Scope embed = parameters.scope("patch_embed");
    patchEmbed = observed(embed, Conv2d.withoutBias(embed.child("proj"), 3, dim, 3));
    for (int level = 1; level <= 3; level++) {
      int channels = dim << (level - 1);
      encoder.add(
          blocks(parameters.scope("encoder_level" + level), channels, blocks.get(level - 1)));
      down.add(downsample(parameters.scope("down" + level + "_" + (level + 1)), channels));
    }
    latent = blocks(parameters.scope("latent"), 8 * dim, blocks.get(3));
    for (int level = 3; level >= 1; level--) {
      int channels = dim << (level - 1);
      up.add(upsample(parameters.scope("up" + (level + 1) + "_" + level), 2 * channels));
      if (level > 1) {
        Scope scope = parameters.scope("reduce_chan_level" + level);
        reduce.add(Conv2d.withoutBias(scope, 2 * channels, channels, 1));
      } else {
        reduce.add(x -> x);
        channels *= 2;
      }
      decoder.add(
          blocks(parameters.scope("decoder_level" + level), channels, blocks.get(level - 1)));
    }
    refinement = blocks(parameters.scope("refinement"), 2 * dim, configuration.refinementBlocks());
    tail =
        configuration.task() == Task.DERAIN
            ? Conv2d.withoutBias(parameters.scope("output"), 2 * dim, 3, 3)
            : enlarge(parameters.scope("tail"), 2 * dim);
  }

  /** What this network is made of. */
  public Configuration configuration() {
    return configuration;
  }

  @Override
  public Variable forward(Variable image) {
    requireImage(image);
    Variable x = patchEmbed.forward(image);
    List<Variable> skips = new ArrayList<>();
    for (int i = 0; i < encoder.size(); i++) {
      x = encoder.get(i).forward(x);
      skips.add(x);
      x = down.get(i).forward(x);
    }
    x = latent.forward(x);
    for (int i = 0; i < decoder.size(); i++) {
      Variable joined = concat(3, up.get(i).forward(x), skips.removeLast());
      x = decoder.get(i).forward(reduce.get(i).forward(joined));
    }
    Variable residual = tail.forward(refinement.forward(x));
    int scale = configuration.task().scale();
    return add(residual, scale == 1 ? image : resizeNearest(image, scale));
  }

  /**
   * The forward pass for images of this shape, as recorded: one input, one output.
   *
   * @param device where the parameters are
   * @param constants what is derived from the parameters, which must not change any more
   */
  public Program program(Shape image, Device device, Constants constants) {
    return Program.record(
        device,
        List.of(image),
        constants,
        inputs ->
            NoGradient.call(() -> List.of(forward(Variable.constant(inputs.getFirst())).value())));
  }

  private Module blocks(Scope scope, int channels, int count) {
    Module chain = x -> x;
    for (int i = 0; i < count; i++) {
      Module block = new OssBlock(scope.child(i), channels, configuration);
      chain = chain.then(checkpointing ? x -> GradientCheckpoint.apply(block::forward, x) : block);
    }
    return observed(scope, chain);
  }

  private static Module downsample(Scope scope, int channels) {
    Conv2d conv = Conv2d.withoutBias(scope.child("body.0"), channels, channels / 2, 3);
    return observed(scope, conv.then(x -> pixelUnshuffle(x, 2)));
  }

  private static Module upsample(Scope scope, int channels) {
    Conv2d conv = Conv2d.withoutBias(scope.child("body.0"), channels, 2 * channels, 3);
    return observed(scope, conv.then(x -> pixelShuffle(x, 2)));
  }

  /** Two enlargements by 2 and the last convolution to an image, without activations. */
  private static Module enlarge(Scope scope, int channels) {
    Scope first = scope.child(0);
    Module enlarged =
        Conv2d.of(first.child(0), channels, 4 * channels, 3)
            .then(x -> pixelShuffle(x, 2))
            .then(Conv2d.of(first.child(2), channels, 4 * channels, 3))
            .then(x -> pixelShuffle(x, 2));
    return observed(first, enlarged).then(Conv2d.of(scope.child(1), channels, 3, 3));
  }

  private static Module observed(Scope scope, Module module) {
    return x -> scope.observe(module.forward(x));
  }

  private static void requireImage(Variable image) {
    boolean fits =
        image.shape().rank() == 4
            && image.shape().size(1) % Configuration.SIZE_MULTIPLE == 0
            && image.shape().size(2) % Configuration.SIZE_MULTIPLE == 0
            && image.shape().size(3) == 3;
    if (!fits) {
      throw new ShapeException(
          "VmambaIR: takes [batch, height, width, 3] with sides that are multiples of 8, got "
              + image.shape());
    }
  }
}
