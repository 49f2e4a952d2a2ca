package io.github.taipan.vmambair.cli;

import io.github.taipan.vmambair.model.Configuration;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** The size of a network's input. */
final class SizeOption {
  @Option(
      names = "--size",
      paramLabel = "WxH",
      description = "of the input, multiples of 8 (default: ${DEFAULT-VALUE})")
  private String size = "64x64";

  /** Width and height. */
  int[] sides(CommonOptions common) {
    if (!size.matches("\\d{1,5}x\\d{1,5}")) {
      throw common.misuse("--size is WIDTHxHEIGHT, such as 64x64, got " + size);
    }
    int[] sides = Arrays.stream(size.split("x")).mapToInt(Integer::parseInt).toArray();
    if (Arrays.stream(sides)
        .anyMatch(side -> side == 0 || side % Configuration.SIZE_MULTIPLE != 0)) {
      throw common.misuse("--size takes multiples of 8, got " + size);
    }
    return sides;
  }

  @Override
  public String toString() {
    return size;
  }
}
