package io.github.taipan.vmambair.model;

import static io.github.taipan.autograd.Functions.globalAveragePool;
import static io.github.taipan.autograd.Functions.reshape;

import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Conv2d;
import io.github.taipan.nn.LayerNorm;
import io.github.taipan.nn.Module;
import io.github.taipan.nn.Scope;
import io.github.taipan.tensor.ScanPath;
import io.github.taipan.vmambair.model.DirectionalScan.Laws;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The channel directions of the omni selective scan: the mean of each channel over the pixels,
 * scanned along the channel axis forth and back, and normalised. From {@code [batch, height, width,
 * channels]} to {@code [batch, 1, 1, channels]}, an unbounded factor or addend for the whole map.
 * Two of the released networks lift each mean to four values before the scan and lower the result
 * to one after.
 */
record ChannelBranch(
    @Nullable Conv2d lift, DirectionalScan scan, @Nullable Conv2d lower, LayerNorm norm)
    implements Module {
  private static final List<ScanPath> PATHS = List.of(ScanPath.ROWS, ScanPath.ROWS_REVERSED);
  private static final int LIFTED_RANK = 6;

  static ChannelBranch of(Scope scope, int channels, int rank, Task task) {
    int width = task.channelWidth();
    boolean lifts = width > 1;
    DirectionalScan scan =
        lifts
            ? DirectionalScan.of(scope, "c", PATHS, width, LIFTED_RANK, Laws.normal())
            : DirectionalScan.of(scope, "c", PATHS, width, rank, Laws.mamba(rank));
    return new ChannelBranch(
        lifts ? Conv2d.of(scope.child("conv_cin"), 1, width, 1) : null,
        scan,
        lifts ? Conv2d.of(scope.child("conv_cout"), width, 1, 1) : null,
        LayerNorm.of(scope.child("channel_norm"), channels));
  }

  @Override
  public Variable forward(Variable map) {
    int batch = map.shape().size(0);
    int channels = map.shape().size(3);
    // The channels become the pixels of a map of height 1, so that the scan walks along them.
    Variable sequence = reshape(globalAveragePool(map), batch, 1, channels, 1);
    Variable lifted = lift == null ? sequence : lift.forward(sequence);
    Variable scanned = scan.forward(lifted);
    Variable lowered = lower == null ? scanned : lower.forward(scanned);
    return norm.forward(reshape(lowered, batch, 1, 1, channels));
  }
}
