#!/usr/bin/env python3
"""Times VmambaIR in PyTorch on the CPU: the peer of Taipan's own figures.

    python vmambair.py                                  # a table for the three networks at 64x64
    python vmambair.py --model realsr4 --scan blk64 --backward --json times.json
    python vmambair.py --check tests/fixtures           # is this the official network?

It needs torch and numpy and nothing else. The networks are written from the published architecture, with
the parameter names of the released checkpoints. PyTorch has no selective scan for the CPU; the scans here
are the ones that its operators allow:

    none     the scan replaced by its input: what convolutions, norms and projections alone take
    seq      one step a position, for all channels and states at once
    chunk32  32 steps, each for all chunks of 32 positions at once, then the states carried over the chunks
    blk64    one step a position, with all else done for blocks of 64 positions that stay in the cache
"""

import argparse
import json
import math
import os
import sys
import time
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

STATES = 16


# ---- the selective scan ----------------------------------------------------------------------------


def steps(a, x, h):
    """h[l] = a[l] h[l-1] + x[l] into x, from h before the first; a and x are lists of one tensor a step."""
    for al, xl in zip(a, x):
        h = torch.addcmul(xl, al, h, out=xl)


def chunked(a, x, h, chunk=32):
    """The same for tensors [L, ...] by chunks side by side; a is overwritten by its running products."""
    length = x.shape[0]
    if length % chunk:
        return steps(a.unbind(0), x.unbind(0), h)
    a, x = (v.view(length // chunk, chunk, *v.shape[1:]) for v in (a, x))
    for l in range(1, chunk):
        x[:, l].addcmul_(a[:, l], x[:, l - 1])
        a[:, l].mul_(a[:, l - 1])
    for j in range(x.shape[0]):
        x[j].addcmul_(a[j], h)
        h = x[j, -1]


class Scan(torch.autograd.Function):
    """The scan of one direction a group, with a backward pass that recomputes its states block by block.

    u, delta: [L, batch, K, C]; A: [K, C, N]; B, C: [L, batch, K, N]; D, bias: [K, C]; the result is as u.
    A block of None is the whole length, with its steps done by chunks.
    """

    @staticmethod
    def forward(ctx, u, delta, A, B, C, D, bias, block):
        t = F.softplus(delta + bias)
        h = u.new_zeros(*u.shape[1:], A.shape[-1])
        starts = []
        y = torch.empty_like(u)
        walk = Walk(t, t * u, A, B, block)
        for s, e in walk.blocks():
            starts.append(h)
            x = walk.states(s, e, h)
            torch.matmul(x, C[s:e].unsqueeze(-1), out=y[s:e].unsqueeze(-1))
            h = x[-1].clone()
        ctx.save_for_backward(u, delta, A, B, C, D, bias, t, *starts)
        ctx.block = block
        return y.addcmul_(D, u)

    @staticmethod
    def backward(ctx, q):
        u, delta, A, B, C, D, bias, t, *starts = ctx.saved_tensors
        q = q.contiguous()
        tu = t * u
        walk = Walk(t, tu, A, B, ctx.block)
        walk.g = torch.empty_like(walk.a)
        walk.gl = walk.g.unbind(0)
        du, dt = torch.empty_like(u), torch.empty_like(u)
        dB, dC, dA = torch.empty_like(B), torch.empty_like(C), torch.zeros_like(A)
        carry = torch.zeros_like(starts[0])
        for s, e in reversed(walk.blocks()):
            h = starts.pop()
            x = walk.states(s, e, h)
            a = walk.a[: e - s] if ctx.block else walk.decays(s, e)
            torch.matmul(q[s:e].unsqueeze(-2), x, out=dC[s:e].unsqueeze(-2))
            g = torch.mul(q[s:e].unsqueeze(-1), C[s:e].unsqueeze(-2), out=walk.g[: e - s])
            g[-1] += carry
            if ctx.block is None:  # reversed in time, a step later
                shifted = torch.cat([torch.zeros_like(a[:1]), a[1:].flip(0)])
                g = g.flip(0)
                chunked(shifted, g, carry)
                g = g.flip(0)
            else:
                for l in range(e - s - 2, -1, -1):
                    walk.gl[l].addcmul_(walk.al[l + 1], walk.gl[l + 1])
            carry = a[0] * g[0]
            gB = torch.matmul(g, B[s:e].unsqueeze(-1)).squeeze(-1)
            torch.matmul(tu[s:e].unsqueeze(-2), g, out=dB[s:e].unsqueeze(-2))
            torch.mul(gB, t[s:e], out=du[s:e])
            a[0] *= h
            a[1:] *= x[:-1]
            w = a.mul_(g)
            torch.mul(gB, u[s:e], out=dt[s:e])
            dt[s:e] += torch.linalg.vecdot(w, A)
            dA += w.mul_(t[s:e].unsqueeze(-1)).sum((0, 1))
        raw = delta + bias
        ddelta = dt * torch.where(raw <= 20, torch.sigmoid(raw), 1.0)
        return (du.addcmul_(D, q), ddelta, dA, dB, dC, (q * u).sum((0, 1)), ddelta.sum((0, 1)), None)


class Walk:
    """The blocks of a scan, in buffers that are used again for every block."""

    def __init__(self, t, tu, A, B, block):
        self.t, self.tu, self.A, self.B = t, tu, A, B
        self.length = t.shape[0]
        self.whole = block is None
        self.block = self.length if self.whole else min(block, self.length)
        size = (self.block, *t.shape[1:], A.shape[-1])
        self.a, self.x = t.new_empty(size), t.new_empty(size)
        self.al, self.xl = self.a.unbind(0), self.x.unbind(0)

    def blocks(self):
        return [(s, min(s + self.block, self.length)) for s in range(0, self.length, self.block)]

    def decays(self, s, e):
        a = self.a[: e - s]
        return torch.mul(self.t[s:e].unsqueeze(-1), self.A, out=a).exp_()

    def states(self, s, e, h):
        a, x = self.decays(s, e), self.x[: e - s]
        torch.mul(self.tu[s:e].unsqueeze(-1), self.B[s:e].unsqueeze(-2), out=x)
        if self.whole:
            chunked(a, x, h)
        else:
            steps(self.al[: e - s], self.xl[: e - s], h)
        return x


BLOCKS = {"seq": 1, "chunk32": None, "blk64": 64}


def scan(kind, u, delta, A, B, C, D, bias):
    return u if kind == "none" else Scan.apply(u, delta, A, B, C, D, bias, BLOCKS[kind])


# ---- the network -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Task:
    blocks: tuple  # of encoder levels 1 to 3 and the bottleneck
    refinement: int
    dim: int = 48
    lift: int = 4  # channels of an element of the channel scan
    added: bool = False  # or multiplied: what the channel scan does to the plane's
    enlarging: bool = True


TASKS = {
    "realsr4": Task((6, 2, 2, 1), 6, lift=1),
    "sr4": Task((15, 1, 1, 1), 15),
    "derain": Task((3, 5, 7, 9), 2, added=True, enlarging=False),
    "sr4-light": Task((1, 1, 1, 1), 1, dim=16),
}


def parameter(*shape):
    return nn.Parameter(torch.empty(*shape))


class Norm(nn.Module):
    """A layer norm over the channels of [batch, C, H, W]."""

    def __init__(self, channels):
        super().__init__()
        self.body = nn.LayerNorm(channels, eps=1e-5)

    def forward(self, x):
        y = self.body(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        return y.contiguous() if x.is_contiguous() else y


class OmniScan(nn.Module):
    """The omni selective scan: four directions over the plane, then two along the channels."""

    def __init__(self, channels, task, kind):
        super().__init__()
        self.kind, self.added, lift = kind, task.added, task.lift
        rank = math.ceil(channels / 16)
        lifted_rank = rank if lift == 1 else 6
        self.lift = lift
        self.x_proj_weight = parameter(4, rank + 2 * STATES, channels)
        self.xc_proj_weight = parameter(2, lifted_rank + 2 * STATES, lift)
        self.dt_projs_weight = parameter(4, channels, rank)
        self.dt_projs_bias = parameter(4, channels)
        self.A_logs = parameter(4 * channels, STATES)
        self.Ds = parameter(4 * channels)
        self.Dsc = parameter(2 * lift)
        self.Ac_logs = parameter(2 * lift, STATES)
        self.dtc_projs_weight = parameter(2, lift, lifted_rank)
        self.dtc_projs_bias = parameter(2, lift)
        if lift > 1:
            self.conv_cin = nn.Conv2d(1, lift, 1)
            self.conv_cout = nn.Conv2d(lift, 1, 1)
        self.channel_norm = Norm(channels)
        self.in_conv = nn.Conv2d(channels, 2 * channels, 1)
        self.conv2d = nn.Conv2d(channels, channels, 3, padding=1, groups=channels)
        self.out_norm = Norm(channels)
        self.out_conv = nn.Conv2d(channels, channels, 1)

    def forward(self, x):
        x, z = self.in_conv(x).chunk(2, 1)
        x = F.silu(self.conv2d(x))
        y = self.out_norm(self.plane(x)) * F.silu(z)
        c = self.channel_norm(self.channels(y.mean((2, 3))))
        return self.out_conv(y + c if self.added else torch.addcmul(y, y, c))

    def plane(self, x):
        b, c, h, w = x.shape
        rows, columns = x.flatten(2), x.transpose(2, 3).flatten(2)
        both = torch.stack([rows, columns], 1)
        y = self.directions(
            torch.cat([both, both.flip(-1)], 1),
            self.x_proj_weight, self.dt_projs_weight, self.dt_projs_bias, self.A_logs, self.Ds)
        y0, y1, y2, y3 = y.unbind(1)
        turned = (y1 + y3.flip(-1)).view(b, c, w, h).transpose(2, 3)
        return (y0 + y2.flip(-1)).view(b, c, h, w) + turned

    def channels(self, pooled):
        s = pooled[:, None, :]
        if self.lift > 1:
            s = self.conv_cin(s[..., None])[..., 0]
        y = self.directions(
            torch.stack([s, s.flip(-1)], 1),
            self.xc_proj_weight, self.dtc_projs_weight, self.dtc_projs_bias, self.Ac_logs, self.Dsc)
        y = y[:, 0] + y[:, 1].flip(-1)
        if self.lift > 1:
            y = self.conv_cout(y[..., None])[..., 0]
        return y.transpose(1, 2)[..., None]

    def directions(self, s, project, delta_weight, delta_bias, a_logs, d):
        """The scans of s [batch, K, C, L], to the same shape."""
        b, k, c, length = s.shape
        p = torch.einsum("bkcl,kdc->lbkd", s, project)
        low, B, C = p.split([delta_weight.shape[2], STATES, STATES], -1)
        delta = torch.einsum("lbkr,kcr->lbkc", low, delta_weight)
        y = scan(
            self.kind, s.permute(3, 0, 1, 2).contiguous(), delta.contiguous(),
            -torch.exp(a_logs).view(k, c, STATES), B.contiguous(), C.contiguous(),
            d.view(k, c), delta_bias)
        return y.permute(1, 2, 3, 0)


class Effn(nn.Module):
    def __init__(self, channels):
        super().__init__()
        e = int(channels * 2.66)
        self.project_in = nn.Conv2d(channels, 2 * e, 1, bias=False)
        self.dwconv = nn.Conv2d(2 * e, 2 * e, 3, padding=1, groups=2 * e, bias=False)
        self.project_out = nn.Conv2d(e, channels, 1, bias=False)

    def forward(self, x):
        a, b = self.dwconv(self.project_in(x)).chunk(2, 1)
        return self.project_out(F.gelu(a) * b)


class Block(nn.Module):
    def __init__(self, channels, task, kind):
        super().__init__()
        self.norm1, self.attn = Norm(channels), OmniScan(channels, task, kind)
        self.norm2, self.ffn = Norm(channels), Effn(channels)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.ffn(self.norm2(x))


class Resized(nn.Module):
    """A 3x3 convolution and a pixel shuffle, or unshuffle, by 2."""

    def __init__(self, channels, down):
        super().__init__()
        out = channels // 2 if down else 2 * channels
        shuffle = nn.PixelUnshuffle(2) if down else nn.PixelShuffle(2)
        self.body = nn.Sequential(nn.Conv2d(channels, out, 3, padding=1, bias=False), shuffle)

    def forward(self, x):
        return self.body(x)


class Embedding(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.proj = nn.Conv2d(3, dim, 3, padding=1, bias=False)

    def forward(self, x):
        return self.proj(x)


class VmambaIR(nn.Module):
    def __init__(self, task, kind="blk64"):
        super().__init__()
        d, self.task = task.dim, task

        def level(channels, count):
            return nn.Sequential(*(Block(channels, task, kind) for _ in range(count)))

        n1, n2, n3, n4 = task.blocks
        self.patch_embed = Embedding(d)
        self.encoder_level1 = level(d, n1)
        self.down1_2 = Resized(d, True)
        self.encoder_level2 = level(2 * d, n2)
        self.down2_3 = Resized(2 * d, True)
        self.encoder_level3 = level(4 * d, n3)
        self.down3_4 = Resized(4 * d, True)
        self.latent = level(8 * d, n4)
        self.up4_3 = Resized(8 * d, False)
        self.reduce_chan_level3 = nn.Conv2d(8 * d, 4 * d, 1, bias=False)
        self.decoder_level3 = level(4 * d, n3)
        self.up3_2 = Resized(4 * d, False)
        self.reduce_chan_level2 = nn.Conv2d(4 * d, 2 * d, 1, bias=False)
        self.decoder_level2 = level(2 * d, n2)
        self.up2_1 = Resized(2 * d, False)
        self.decoder_level1 = level(2 * d, n1)
        self.refinement = level(2 * d, task.refinement)
        if task.enlarging:
            up = [nn.Conv2d(2 * d, 8 * d, 3, padding=1), nn.PixelShuffle(2)]
            up += [nn.Conv2d(2 * d, 8 * d, 3, padding=1), nn.PixelShuffle(2)]
            self.tail = nn.Sequential(nn.Sequential(*up), nn.Conv2d(2 * d, 3, 3, padding=1))
        else:
            self.output = nn.Conv2d(2 * d, 3, 3, padding=1, bias=False)

    def forward(self, image):
        e1 = self.encoder_level1(self.patch_embed(image))
        e2 = self.encoder_level2(self.down1_2(e1))
        e3 = self.encoder_level3(self.down2_3(e2))
        x = self.up4_3(self.latent(self.down3_4(e3)))
        x = self.decoder_level3(self.reduce_chan_level3(torch.cat([x, e3], 1)))
        x = self.decoder_level2(self.reduce_chan_level2(torch.cat([self.up3_2(x), e2], 1)))
        x = self.refinement(self.decoder_level1(torch.cat([self.up2_1(x), e1], 1)))
        if self.task.enlarging:
            return self.tail(x) + F.interpolate(image, scale_factor=4, mode="nearest")
        return self.output(x) + image


# ---- weights by name -------------------------------------------------------------------------------


def hashfill(name, count, center, amplitude, seed=7):
    """The fixtures' weights: SplitMix64 from the FNV-1a hash of a parameter's name."""
    mask, h = (1 << 64) - 1, 0xCBF29CE484222325
    for byte in name.encode():
        h = ((h ^ byte) * 0x100000001B3) & mask
    golden = 0x9E3779B97F4A7C15
    with np.errstate(over="ignore"):
        z = np.uint64(h ^ (seed * golden & mask)) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(golden)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    u = (z >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return (center + amplitude * (2 * u - 1)).astype(np.float32)


def law(name, shape, lifted):
    """The center and amplitude of a parameter's values."""
    leaf = name.rsplit(".", 1)[-1]
    if ".body." in name and "norm" in name:
        return (1, 0.3) if leaf == "weight" else (0, 0.2)
    if leaf == "A_logs" or (leaf == "Ac_logs" and not lifted):
        return np.tile(np.log(np.arange(1, STATES + 1)), shape[0]), 0.2
    if leaf in ("Ds", "Dsc"):
        return 1, 0.5
    if leaf == "dt_projs_bias" or (leaf == "dtc_projs_bias" and not lifted):
        return -3.5, 2
    if leaf in ("Ac_logs", "dtc_projs_bias", "dtc_projs_weight") and lifted:
        return 0, 1
    if leaf.endswith("_weight"):
        return 0, shape[-1] ** -0.5
    return (0, 0.1) if leaf == "bias" else (0, math.prod(shape[1:]) ** -0.5)


LAYOUTS = {"nchw": torch.contiguous_format, "nhwc": torch.channels_last}


def network(model, kind, layout="nchw"):
    """With weights that depend on their names only."""
    net = VmambaIR(TASKS[model], kind)
    with torch.no_grad():
        for name, value in net.named_parameters():
            center, amplitude = law(name, value.shape, TASKS[model].lift > 1)
            filled = hashfill(name, value.numel(), center, amplitude)
            value.copy_(torch.from_numpy(filled).view(value.shape))
    return net.to(memory_format=LAYOUTS[layout])


def picture(side, layout="nchw"):
    image = torch.rand(1, 3, side, side, generator=torch.Generator().manual_seed(1))
    return image.to(memory_format=LAYOUTS[layout])


# ---- checks and times ------------------------------------------------------------------------------


def safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    return {
        name: np.frombuffer(data[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }


def check(folder):
    """Parameter counts, outputs and gradients of the official code; every scan has to reproduce them."""
    counts = {"realsr4": 10_497_813, "sr4": 12_028_273, "derain": 28_709_875}
    fixtures = {"realsr4": "realsr", "sr4": "sisr", "derain": "derain"}
    wrong = 0
    for model, count in counts.items():
        expected = safetensors(os.path.join(folder, f"full_{fixtures[model]}_io.safetensors"))
        for kind in BLOCKS:
            net = network(model, kind)
            image = torch.tensor(expected["input"], requires_grad=True)
            result = net(image)
            F.l1_loss(result, torch.tensor(expected["target"])).backward()
            error = np.abs(result.detach().numpy() - expected["output"]).max()
            gradient = image.grad.numpy() - expected["grad_input"]
            relative = np.linalg.norm(gradient) / np.linalg.norm(expected["grad_input"])
            parameters = sum(p.numel() for p in net.parameters())
            good = parameters == count and error < 1e-4 and relative < 2e-3
            wrong += not good
            print(f"{model:8} {kind:8} {parameters} parameters, output within {error:.1e}, "
                  f"gradient of the image within {relative:.1e}: {'good' if good else 'WRONG'}")
    return wrong


# ARCHITECTURE.md, section 19: seconds without a scan, and with blk64 forward, forward + backward.
PUBLISHED = {"realsr4": (0.71, 2.49, 7.78), "sr4": (1.09, 6.09, 21.27), "derain": (0.47, 1.45, 5.16)}


def finish(image):
    """Waits for a GPU, which works on while Python goes on."""
    if image.is_cuda:
        torch.cuda.synchronize()


def measure(net, image, backward, repeats, warmup=1):
    """Seconds of each of the repeats."""
    seconds = []
    for i in range(warmup + repeats):
        finish(image)
        start = time.perf_counter()
        if backward:
            net.zero_grad(set_to_none=True)
            net(image).abs().mean().backward()
        else:
            with torch.inference_mode():
                net(image)
        finish(image)
        if i >= warmup:
            seconds.append(time.perf_counter() - start)
    return seconds


def convolution(request):
    """Seconds of one convolution, over repeats that last about request["slice"] seconds."""
    layout = LAYOUTS[request["layout"]]
    side, channels, out, kernel = (request[name] for name in ("side", "in", "out", "kernel"))
    groups = request["groups"]
    x = torch.rand(1, channels, side, side).to(memory_format=layout)
    weight = torch.rand(out, channels // groups, kernel, kernel).to(memory_format=layout)

    def run():
        return F.conv2d(x, weight, padding=kernel // 2, groups=groups)

    with torch.inference_mode():
        run()
        start, count = time.perf_counter(), 0
        while count == 0 or time.perf_counter() - start < request["slice"]:
            run()
            count += 1
        return (time.perf_counter() - start) / count


def serve():
    """Answers one request a line with seconds, for a program that interleaves these times with its own."""
    nets = {}
    for line in sys.stdin:
        request = json.loads(line)
        torch.set_num_threads(request["threads"])
        if "kernel" in request:
            print(convolution(request), flush=True)
            continue
        key = request["model"], request["scan"], request["layout"]
        if key not in nets:
            nets[key] = network(*key)
        image = picture(request["side"], request["layout"])
        print(measure(nets[key], image, request["backward"], 1, 0)[0], flush=True)


def startup():
    """What a cold process does for one small picture; importing torch came before."""
    with torch.inference_mode():
        network("sr4-light", "blk64")(picture(64))


def table(arguments):
    rows = []
    print(f"torch {torch.__version__}, {arguments.device}, {arguments.threads} threads, {arguments.side}x{arguments.side}, "
          f"{arguments.layout}; least seconds of {arguments.repeats}, over the first forward without a scan,")
    print("and the same ratio as published for another machine (19)")
    print(f"{'network':10}{'scan':9}{'forward':>9}{'ratio':>7}{'(19)':>7}{'fwd+bwd':>9}{'ratio':>7}{'(19)':>7}")
    for model in arguments.model:
        base = None
        for kind in arguments.scan:
            net = network(model, kind, arguments.layout).to(arguments.device)
            if arguments.compile:
                net = torch.compile(net)
            image = picture(arguments.side, arguments.layout).to(arguments.device)
            row = {"model": model, "scan": kind, "side": arguments.side}
            row |= {"threads": arguments.threads, "layout": arguments.layout}
            row["forward"] = measure(net, image, False, arguments.repeats)
            if arguments.backward:
                row["backward"] = measure(net, image, True, arguments.repeats)
            rows.append(row)
            if kind == "none":
                base = min(row["forward"])
            text = f"{model:10}{kind:9}"
            for index, direction in enumerate(("forward", "backward"), 1):
                if direction not in row:
                    continue
                best = min(row[direction])
                text += f"{best:9.3f}" + (f"{best / base:7.2f}" if base else f"{'':7}")
                published = PUBLISHED.get(model) if kind == "blk64" and arguments.side == 64 else None
                text += f"{published[index] / published[0]:7.2f}" if published else f"{'':7}"
            print(text, flush=True)
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({"torch": torch.__version__, "times": rows}, file, indent=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", nargs="+", choices=TASKS, default=["realsr4", "sr4", "derain"])
    parser.add_argument("--scan", nargs="+", choices=["none", *BLOCKS], default=["none", "blk64"])
    parser.add_argument("--layout", choices=LAYOUTS, default="nchw", help="of the maps; nchw is the published code's")
    parser.add_argument("--side", type=int, default=64, help="of the square picture")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--backward", action="store_true", help="time forward and backward, too")
    parser.add_argument("--compile", action="store_true", help="through torch.compile")
    parser.add_argument("--json", help="a file for all figures")
    parser.add_argument("--check", metavar="FIXTURES", help="compare with the official outputs, and time nothing")
    parser.add_argument("--serve", action="store_true", help="answer requests, one JSON object a line")
    parser.add_argument("--startup", action="store_true", help="one small picture, as a cold process restores it")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)
    torch.backends.nnpack.set_flags(False)  # where it fails to start, it warns at every convolution
    if arguments.check:
        sys.exit(check(arguments.check))
    if arguments.serve:
        serve()
    elif arguments.startup:
        startup()
    else:
        table(arguments)


if __name__ == "__main__":
    main()
