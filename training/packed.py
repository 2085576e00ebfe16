"""Sequences through the encoder without padding, one after another: the fast way to train on a CPU.

Where the processor has AMX and g++ is there, a layer runs in amx.cpp: forward and backward in bfloat16 tiles with its
norms, attention and GELU fused, about 1.4 times as fast as torch's bfloat16. Elsewhere torch runs it, padded.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.encoder import Encoder, Layer

TILE = 32
SPARE = 128
"""Rows that attention may read past the last sequence."""


@cache
def library() -> ctypes.CDLL | None:
    """amx.cpp, compiled for this run; None where it cannot run."""
    cpu = Path("/proc/cpuinfo")
    if not shutil.which("g++") or not cpu.exists() or "amx_bf16" not in cpu.read_text():
        return None
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / "amx.so"
        flags = ["-O3", "-march=sapphirerapids", "-ffast-math", "-std=c++20", "-shared", "-fPIC"]
        source = Path(__file__).with_name("amx.cpp")
        subprocess.run(["g++", *flags, str(source), "-o", str(built)], check=True)  # noqa: S603, S607
        return ctypes.CDLL(str(built))


def rows(*shape: int) -> Tensor:
    """An array in bfloat16, not filled."""
    return torch.empty(shape, dtype=torch.bfloat16)


def address(values: Tensor) -> ctypes.c_void_p:
    """Where a tensor's numbers begin."""
    return ctypes.c_void_p(values.data_ptr())


def addresses(values: Sequence[Tensor]) -> Any:
    """An array of addresses."""
    return (ctypes.c_void_p * len(values))(*[v.data_ptr() for v in values])


class PackedLayer(torch.autograd.Function):
    """One layer over packed rows [M, hidden] in bfloat16; M is a multiple of 32 and `offsets` bound the sequences."""

    @staticmethod
    def forward(ctx: Any, run: ctypes.CDLL, x: Tensor, offsets: Tensor, eps: float, *w: Tensor) -> Tensor:
        """Keeps queries, keys and values; probabilities; mixed values; first sum, norm; up, GELU; second sum."""
        (m, hidden), wide = x.shape, w[6].shape[0]
        lengths = (offsets[1:] - offsets[:-1] + TILE - 1) // TILE * TILE
        area = int((hidden // TILE) * (lengths**2).sum())
        qkv, mixed = rows(m + SPARE, 3 * hidden), rows(m + SPARE, hidden)
        qkv[m:] = 0
        mixed[int(offsets[-1]) :] = 0
        narrow = [rows(m, hidden) for _ in range(4)]
        kept = (qkv, rows(area), mixed, narrow[0], narrow[1], rows(m, wide), rows(m, wide), narrow[2])
        sizes = (m, hidden, wide, len(offsets) - 1, ctypes.c_float(eps))
        run.forward(*sizes, address(offsets), addresses(w), address(x), *map(address, kept), address(narrow[3]))
        ctx.save_for_backward(x, offsets, *w, *kept)
        ctx.run, ctx.eps = run, eps
        return narrow[3]

    @staticmethod
    def backward(ctx: Any, gy: Tensor) -> Any:
        """Gradients of x and of the twelve parameters."""
        x, offsets, *rest = ctx.saved_tensors
        w, kept = rest[:12], rest[12:]
        (m, hidden), wide = x.shape, w[6].shape[0]
        gmixed, gqkv, gx, gy = rows(m + SPARE, hidden), rows(m, 3 * hidden), rows(m, hidden), gy.contiguous()
        gmixed[m:] = 0
        gqkv[int(offsets[-1]) :] = 0
        work = (rows(m, hidden), rows(m, wide), rows(m, hidden), rows(m, hidden), gmixed, gqkv, gx)
        given = [torch.zeros_like(t) for t in w]
        sizes = (m, hidden, wide, len(offsets) - 1, ctypes.c_float(ctx.eps))
        arrays = (address(offsets), addresses(w), address(x), *map(address, kept), address(gy), addresses(given))
        ctx.run.backward(*sizes, *arrays, *map(address, work))
        return (None, gx, None, None, *given)


def parameters(layer: Layer) -> list[Tensor]:
    """A layer's, in the order of amx.cpp."""
    parts = (layer.qkv, layer.attention_out, layer.attention_norm, layer.up, layer.down, layer.norm)
    return [t for part in parts for t in (part.weight, part.bias)]


def encode(encoder: Encoder, ids: Tensor, offsets: Tensor, frozen: int = 0) -> Tensor:
    """Hidden states, at least [len(ids), hidden], of sequences that stand one after another; no dropout.

    `offsets` are where they begin, and the end; embeddings and the first `frozen` layers get no gradient if any are.
    """
    run = library()
    lengths = (offsets[1:] - offsets[:-1]).tolist()
    with torch.set_grad_enabled(torch.is_grad_enabled() and not frozen):
        x = encoder.norm(encoder.words(ids) + encoder.positions(torch.cat([torch.arange(n) for n in lengths])))
    seen = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
    if run is not None:
        x = torch.cat([x, x.new_zeros(-len(ids) % TILE, x.shape[1])]).bfloat16()
    else:
        x = x.new_zeros(*seen.shape, x.shape[1]).masked_scatter(seen[..., None], x)
    for i, layer in enumerate(encoder.layers):
        with torch.set_grad_enabled(torch.is_grad_enabled() and i >= frozen):
            if run is not None:
                x = PackedLayer.apply(run, x, offsets, encoder.config.eps, *parameters(layer))
            else:
                with torch.autocast("cpu", torch.bfloat16):
                    x = layer(x, (~seen[:, None, None, :]).float() * -1e4, 0.0)
    return (x if run is not None else x[seen]).float()
