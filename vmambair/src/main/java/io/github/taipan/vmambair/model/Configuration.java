package io.github.taipan.vmambair.model;

import io.github.taipan.tensor.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a VmambaIR network is made of.
 *
 * @param task what it restores
 * @param dim channels at full resolution; each level below doubles them
 * @param blocks OSS blocks of the encoder's levels 1, 2, 3 and of the bottleneck; the decoder
 *     mirrors the encoder
 * @param refinementBlocks OSS blocks after the decoder
 * @param variant the full network or an ablation
 */
public record Configuration(
    Task task, int dim, List<Integer> blocks, int refinementBlocks, Variant variant) {
  /** Image sides are multiples of this: three halvings. */
  public static final int SIZE_MULTIPLE = 8;

  private static final Map<String, Configuration> PRESETS = presets();

  /** Checks the sizes. */
  public Configuration {
    blocks = List.copyOf(blocks);
    if (blocks.size() != 4 || blocks.stream().anyMatch(count -> count < 1 || count > 100)) {
      throw new IllegalArgumentException("blocks are four counts from 1 to 100, got " + blocks);
    }
    if (refinementBlocks < 0 || refinementBlocks > 100) {
      throw new IllegalArgumentException(
          "refinement_blocks is a count from 0 to 100, got " + refinementBlocks);
    }
    if (dim < 2 || dim % 2 != 0 || dim > 1024) {
      throw new IllegalArgumentException("dim is an even number from 2 to 1024, got " + dim);
    }
  }

  private static Map<String, Configuration> presets() {
    Map<String, Configuration> presets = new LinkedHashMap<>();
    presets.put("sr4", full(Task.SR4, 15, 15, 1, 1, 1));
    presets.put("realsr4", full(Task.REALSR4, 6, 6, 2, 2, 1));
    presets.put("derain", full(Task.DERAIN, 2, 3, 5, 7, 9));
    presets.put("sr4-paper", full(Task.SR4, 14, 14, 1, 1, 1));
    presets.put("derain-paper", full(Task.DERAIN, 2, 4, 4, 6, 8));
    presets.put("sr4-light", light(Task.SR4));
    presets.put("realsr4-light", light(Task.REALSR4));
    presets.put("derain-light", light(Task.DERAIN));
    return presets;
  }

  private static Configuration full(Task task, int refinement, Integer... blocks) {
    return new Configuration(task, 48, List.of(blocks), refinement, Variant.FULL);
  }

  private static Configuration light(Task task) {
    return new Configuration(task, 16, List.of(1, 1, 1, 1), 1, Variant.FULL);
  }

  /**
   * The presets by name: the three released networks with the block counts of their option files,
   * two with the paper's, and a light size of each for CPUs.
   */
  public static Map<String, Configuration> named() {
    return Collections.unmodifiableMap(PRESETS);
  }

  /**
   * The configuration that a state dict's names and shapes tell, whoever wrote it.
   *
   * @throws IllegalArgumentException when they are not those of a VmambaIR network
   */
  public static Configuration of(Map<String, Shape> parameters) {
    Shape embedding = parameters.get("patch_embed.proj.weight");
    Shape projection = parameters.get("encoder_level1.0.attn.x_proj_weight");
    if (embedding == null
        || projection == null
        || embedding.rank() != 4
        || projection.rank() != 3) {
      throw new IllegalArgumentException(
          "these are not the parameters of a VmambaIR network: patch_embed.proj.weight or"
              + " encoder_level1.0.attn.x_proj_weight is missing");
    }
    Shape channelProjection = parameters.get("encoder_level1.0.attn.xc_proj_weight");
    Task task =
        parameters.containsKey("output.weight")
            ? Task.DERAIN
            : channelProjection != null && channelProjection.size(-1) > 1 ? Task.SR4 : Task.REALSR4;
    Variant variant =
        projection.size(0) == 1
            ? Variant.ONE_DIRECTION
            : channelProjection == null
                ? Variant.NO_CHANNEL_SCAN
                : !parameters.containsKey("encoder_level1.0.ffn.project_in.weight")
                    ? Variant.NO_EFFN
                    : parameters.containsKey("encoder_level1.0.attn.in_proj.weight")
                        ? Variant.LINEAR_LAYERS
                        : Variant.FULL;
    List<Integer> blocks =
        Stream.of("encoder_level1", "encoder_level2", "encoder_level3", "latent")
            .map(level -> count(parameters, level))
            .toList();
    return new Configuration(
        task, embedding.size(0), blocks, count(parameters, "refinement"), variant);
  }

  private static int count(Map<String, Shape> parameters, String level) {
    int count = 0;
    while (parameters.containsKey(level + "." + count + ".norm1.body.weight")) {
      count++;
    }
    return count;
  }

  /** This network as an ablation. */
  public Configuration with(Variant other) {
    return new Configuration(task, dim, blocks, refinementBlocks, other);
  }
}
