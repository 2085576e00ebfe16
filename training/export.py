"""PyTorch models to ONNX (opset 17), in 8 bits: one text at a time, no padding, so that nothing else touches an answer.

Weight matrices become int8 by output channel, activations are quantised at run time; the word embeddings are int8 with
a scale a row. Weights keep to 7 bits, so that processors without VNNI, whose 8-bit products saturate in pairs, compute
the same. Where the inputs' ranges are known, outliers are moved into the weights (SmoothQuant, Xiao et al. 2023), and
the few feed-forward layers whose inputs have the worst stay in floating point.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.encoder import Config, Encoder
from training.tagger import LABELS, Tagger, renaming

OPSET = 17
POSITIONS = 512
WHOLE = 5
"""Feed-forward layers that stay in floating point; each adds 0.6 MB."""

Ranges = dict[str, np.ndarray]
"""Linear layers by name, and the greatest magnitude that each of their inputs has."""


class Graph:
    """Nodes and constants as they are added; every method gives the name of its result."""

    whole = WHOLE
    smoothed: tuple[str, ...] = ("qkv", "up")
    """Kinds of layers whose inputs' outliers are moved into their weights."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, values: np.ndarray | np.number) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, kind: str, *inputs: str, **attributes: object) -> str:
        name = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def linear(self, x: str, name: str, state: dict[str, np.ndarray], whole: bool = False) -> str:
        """A layer to be quantised, or kept in half precision (which the runtime widens once, when it loads)."""
        weight = state[f"{name}.weight"].T
        if whole:
            stored = self.constant(f"{name}.weight", weight.astype(np.float16))
            product = self.add("MatMul", x, self.add("Cast", stored, to=TensorProto.FLOAT))
        else:
            product = self.add("MatMul", x, self.constant(f"{name}.weight", weight))
        return self.add("Add", product, self.constant(f"{name}.bias", state[f"{name}.bias"]))

    def norm(self, x: str, name: str, state: dict[str, np.ndarray], eps: float) -> str:
        return self.add(
            "LayerNormalization",
            x,
            self.constant(f"{name}.weight", state[f"{name}.weight"]),
            self.constant(f"{name}.bias", state[f"{name}.bias"]),
            axis=-1,
            epsilon=eps,
        )

    def gelu(self, x: str) -> str:
        """X · (1 + erf(x / √2)) · ½, in the order that the runtime fuses."""
        erf = self.add("Erf", self.add("Div", x, "root_two"))
        return self.add("Mul", self.add("Mul", x, self.add("Add", erf, "one")), "half")

    def smooth(self, x: str, name: str, state: dict[str, np.ndarray], ranges: Ranges) -> str:
        """Move a part of the inputs' range into the weights of `name`, channel by channel."""
        if name not in ranges or name.rpartition(".")[2] not in self.smoothed:
            return x
        weight = state[f"{name}.weight"]
        scale = np.sqrt(np.maximum(ranges[name], 1e-3) / np.maximum(np.abs(weight).max(0), 1e-3)).astype(np.float32)
        state[f"{name}.weight"] = weight * scale
        return self.add("Mul", x, self.constant(f"{name}.smooth", 1 / scale))

    def embeddings(self, ids: str, weights: np.ndarray) -> str:
        """The rows of `ids`, stored in 8 bits with a scale each."""
        scale = np.abs(weights).max(1, keepdims=True) / 127
        rows = self.add("Gather", self.constant("embeddings", np.rint(weights / scale).astype(np.int8)), ids)
        scales = self.add("Gather", self.constant("embeddings.scale", scale.astype(np.float32)), ids)
        return self.add("Mul", self.add("Cast", rows, to=TensorProto.FLOAT), scales)

    def encoder(self, ids: str, state: dict[str, np.ndarray], config: Config, ranges: Ranges | None = None) -> str:
        """Piece ids [length] to hidden [length, hidden]. `state` is an `Encoder`'s; `ranges` are `input_ranges`."""
        state, ranges = dict(state), ranges or {}
        uneven = {name: values.max() / np.median(values) for name, values in ranges.items() if name.endswith(".down")}
        whole = sorted(uneven, key=lambda name: -uneven[name])[: self.whole]
        heads, size = config.heads, config.hidden // config.heads
        self.constant("root_two", np.float32(np.sqrt(2)))
        self.constant("one", np.float32(1))
        self.constant("half", np.float32(0.5))
        by_head = self.constant("by_head", np.array([-1, heads, size]))
        flat = self.constant("flat", np.array([-1, config.hidden]))
        words = self.embeddings(ids, state["words.weight"])
        zero, one = self.constant("from", np.array([0])), self.add("Shape", ids)
        positions = self.add("Slice", self.constant("positions", state["positions.weight"][:POSITIONS]), zero, one)
        x = self.norm(self.add("Add", words, positions), "norm", state, config.eps)
        for i in range(config.layers):
            at = f"layers.{i}"
            seen = self.smooth(x, f"{at}.qkv", state, ranges)
            weight, bias = state[f"{at}.qkv.weight"].copy(), state[f"{at}.qkv.bias"].copy()
            weight[: config.hidden] *= size**-0.5  # queries are scaled once and for all
            bias[: config.hidden] *= size**-0.5
            parts = []
            for j, name in enumerate(("query", "key", "value")):
                rows_of = slice(j * config.hidden, (j + 1) * config.hidden)
                part = {f"{at}.{name}.weight": weight[rows_of], f"{at}.{name}.bias": bias[rows_of]}
                parts.append(self.add("Reshape", self.linear(seen, f"{at}.{name}", part), by_head))
            query = self.add("Transpose", parts[0], perm=[1, 0, 2])
            key = self.add("Transpose", parts[1], perm=[1, 2, 0])
            value = self.add("Transpose", parts[2], perm=[1, 0, 2])
            weights = self.add("Softmax", self.add("MatMul", query, key), axis=-1)
            mixed = self.add("Reshape", self.add("Transpose", self.add("MatMul", weights, value), perm=[1, 0, 2]), flat)
            mixed = self.smooth(mixed, f"{at}.attention_out", state, ranges)
            x = self.norm(
                self.add("Add", x, self.linear(mixed, f"{at}.attention_out", state)),
                f"{at}.attention_norm",
                state,
                config.eps,
            )
            up = self.gelu(self.linear(self.smooth(x, f"{at}.up", state, ranges), f"{at}.up", state))
            if f"{at}.down" not in whole:
                up = self.smooth(up, f"{at}.down", state, ranges)
            x = self.norm(
                self.add("Add", x, self.linear(up, f"{at}.down", state, f"{at}.down" in whole)),
                f"{at}.norm",
                state,
                config.eps,
            )
        return x

    def model(self, inputs: list[onnx.ValueInfoProto], output: str, shape: list[str | int]) -> onnx.ModelProto:
        """The checked model, whose only output is `output`, named scores."""
        self.nodes.append(helper.make_node("Identity", [output], ["scores"]))
        result = helper.make_tensor_value_info("scores", TensorProto.FLOAT, shape)
        graph = helper.make_graph(self.nodes, "model", inputs, [result], self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
        onnx.checker.check_model(model)
        return model


def states(module: torch.nn.Module, prefix: str = "") -> dict[str, np.ndarray]:
    """A module's weights in float32, those under `prefix` only, without it."""
    return {
        k.removeprefix(prefix): v.detach().float().numpy()
        for k, v in module.state_dict().items()
        if k.startswith(prefix)
    }


def input_ranges(encoder: Encoder, texts: Sequence[Sequence[int]]) -> Ranges:
    """Over piece ids of some texts, one at a time."""
    ranges: Ranges = {}

    def note(name: str, given: torch.Tensor) -> None:
        most = given.detach().abs().flatten(0, -2).amax(0).numpy()
        ranges[name] = np.maximum(ranges.get(name, most), most)

    hooks = [
        module.register_forward_pre_hook(lambda _, inputs, name=name: note(name, inputs[0]))
        for name, module in encoder.named_modules()
        if isinstance(module, torch.nn.Linear)
    ]
    encoder.eval()
    with torch.no_grad():
        for ids in texts:
            encoder(torch.tensor([list(ids)]))
    for hook in hooks:
        hook.remove()
    return ranges


def tagger_model(tagger: Tagger, mixture: dict[str, float], ranges: Ranges) -> onnx.ModelProto:
    """Inputs `ids` [length] and `words` [words] (first pieces), output `scores` [words, labels]: log-probabilities.

    The output layers of several corpora speak together, as in `Tagger.mixed`. They are Gemms, which dynamic
    quantisation leaves alone: labels are few, and their scores worth full precision.
    """
    graph, state = Graph(), states(tagger, "heads.")
    hidden = graph.encoder("ids", states(tagger.encoder), tagger.encoder.config, ranges)
    taken = graph.add("Gather", hidden, "words")
    parts = []
    for corpus, weight in mixture.items():
        head = [graph.constant(f"{corpus}.{name}", state[f"{corpus}.{name}"]) for name in ("weight", "bias")]
        own = graph.add("Softmax", graph.add("Gemm", taken, *head, transB=1), axis=-1)
        table = graph.constant(f"{corpus}.renaming", renaming(corpus).numpy() * np.float32(weight))
        parts.append(graph.add("Gemm", own, table))
    total = graph.add("Sum", *parts)
    scores = graph.add("Log", graph.add("Max", total, graph.constant("least", np.float32(1e-9))))
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, ["length"]),
        helper.make_tensor_value_info("words", TensorProto.INT64, ["count"]),
    ]
    return graph.model(inputs, scores, ["count", len(LABELS["anercorp"])])


def quantise(model: onnx.ModelProto, path: Path, reduce_range: bool = True) -> None:
    """Write the model with its constant matrices in int8."""
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        onnx.save(model, whole)
        quantize_dynamic(
            whole,
            path,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            reduce_range=reduce_range,
            weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True},
        )


def write_section(folder: Path, name: str, entry: dict[str, object], files: list[str]) -> None:
    """Put a model's entry, with the checksums of its files in `folder`, into manifest.toml there; others stay."""
    path = folder / "manifest.toml"
    sections = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    sections[name] = entry | {"files": {f: hashlib.sha256((folder / f).read_bytes()).hexdigest() for f in files}}
    lines = ["# The models that ship with the service, written by training/; read MODEL_CARD.md and NOTICE beside it."]
    for section, values in sorted(sections.items()):
        lines += ["", f"[{section}]"]
        lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if key != "files"]
        lines += ["", f"[{section}.files]"]
        lines += [f"{json.dumps(file)} = {json.dumps(checksum)}" for file, checksum in sorted(values["files"].items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
