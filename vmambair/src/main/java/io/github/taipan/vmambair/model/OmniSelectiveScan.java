package io.github.taipan.vmambair.model;

import static io.github.taipan.autograd.Functions.add;
import static io.github.taipan.autograd.Functions.concat;
import static io.github.taipan.autograd.Functions.multiply;
import static io.github.taipan.autograd.Functions.silu;

import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Conv2d;
import io.github.taipan.nn.LayerNorm;
import io.github.taipan.nn.Module;
import io.github.taipan.nn.Observation;
import io.github.taipan.nn.Scope;
import io.github.taipan.tensor.ScanPath;
import io.github.taipan.vmambair.model.DirectionalScan.Laws;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The omni selective scan (OSS) module (arXiv 2403.11423, section 3.2): a gated scan of the map in
 * four directions, then a scan of its pooled channels in two.
 *
 * <pre>
 * x', z = in_conv(x)                       1x1, the two halves of its outputs
 * y1 = norm(plane scan(SiLU(conv2d(x'))))  depthwise 3x3
 * y2 = y1 ⊙ SiLU(z)
 * c  = channel branch(y2)
 * y  = out_conv(y2 + c)  or  out_conv(y2 + y2 ⊙ c)
 * </pre>
 */
record OmniSelectiveScan(
    String name,
    Module inScanned,
    Module inGate,
    Conv2d conv2d,
    DirectionalScan planeScan,
    LayerNorm outNorm,
    @Nullable ChannelBranch channelBranch,
    boolean multiplies,
    Module outConv)
    implements Module {
  private static final List<ScanPath> PLANE =
      List.of(ScanPath.ROWS, ScanPath.COLUMNS, ScanPath.ROWS_REVERSED, ScanPath.COLUMNS_REVERSED);

  /** The module at a place of the network, for maps of so many channels. */
  static OmniSelectiveScan of(Scope scope, int channels, Configuration configuration) {
    Task task = configuration.task();
    Variant variant = configuration.variant();
    scope.order(stateDictOrder(task));
    int rank = Math.ceilDiv(channels, 16);
    List<ScanPath> paths = variant == Variant.ONE_DIRECTION ? PLANE.subList(0, 1) : PLANE;
    DirectionalScan planeScan =
        DirectionalScan.of(scope, "", paths, channels, rank, Laws.mamba(rank));
    ChannelBranch channelBranch =
        variant.scansChannels() ? ChannelBranch.of(scope, channels, rank, task) : null;
    boolean linear = variant == Variant.LINEAR_LAYERS;
    Conv2d in =
        linear
            ? Conv2d.withoutBias(scope.child("in_proj"), channels, 2 * channels, 1)
            : Conv2d.of(scope.child("in_conv"), channels, 2 * channels, 1);
    return new OmniSelectiveScan(
        scope.name(),
        in.outputs(0, channels),
        in.outputs(channels, 2 * channels),
        Conv2d.depthwise(scope.child("conv2d"), channels, 3, true),
        planeScan,
        LayerNorm.of(scope.child("out_norm"), channels),
        channelBranch,
        task.multiplies(),
        linear
            ? Conv2d.withoutBias(scope.child("out_proj"), channels, channels, 1)
            : Conv2d.of(scope.child("out_conv"), channels, channels, 1));
  }

  /** The order of the module's own parameters in the released state dicts. */
  private static String[] stateDictOrder(Task task) {
    String order =
        task == Task.REALSR4
            ? "x_proj_weight xc_proj_weight dt_projs_weight dt_projs_bias dtc_projs_weight"
                + " dtc_projs_bias A_logs Ds Ac_logs Dsc"
            : "x_proj_weight xc_proj_weight dt_projs_weight dt_projs_bias A_logs Ds Dsc Ac_logs"
                + " dtc_projs_weight dtc_projs_bias";
    return order.split(" ");
  }

  @Override
  public Variable forward(Variable x) {
    Variable scanned = inScanned.forward(x);
    Variable gate = inGate.forward(x);
    Observation.report(name + ".in_conv", () -> concat(3, scanned, gate));
    Variable activated = observe("dwconv_silu", silu(conv2d.forward(scanned)));
    Variable y1 = observe("plane", outNorm.forward(planeScan.forward(activated)));
    Variable y2 = observe("gated", multiply(y1, silu(gate)));
    if (channelBranch == null) {
      return outConv.forward(y2);
    }
    Variable c = observe("chan", channelBranch.forward(y2));
    return outConv.forward(add(y2, multiplies ? multiply(y2, c) : c));
  }

  private Variable observe(String part, Variable value) {
    return Observation.report(name + "#" + part, value);
  }
}
