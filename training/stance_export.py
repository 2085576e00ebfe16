"""Writes the trained stance classifier as the service reads it: 8-bit ONNX and its entry in manifest.toml.

Its word embeddings, which training leaves as they came, are stored in the 4 bits that they came in.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper

from training.encoder import load_tokenizer
from training.export import Graph, input_ranges, quantise, states, write_section
from training.stance_data import LABELS, Row
from training.stance_model import BLOCK, PAIR_PIECES, Classifier, collate, encode, quarters


class PairGraph(Graph):
    """A graph whose embeddings are stored in 4 bits: two to a byte, a half-precision scale for every `BLOCK`."""

    whole = 1
    smoothed = ("qkv", "attention_out", "up", "down")

    def embeddings(self, ids: str, weights: np.ndarray) -> str:
        """The rows of `ids`."""
        whole, scale = quarters(torch.from_numpy(weights))
        codes = (whole + 8).numpy().astype(np.uint8)
        half = BLOCK // 2
        packed = (codes[..., :half] | codes[..., half:] << 4).reshape(len(weights), -1)
        rows = self.add("Gather", self.constant("embeddings", packed), ids)
        scales = self.add("Gather", self.constant("embeddings.scale", scale.numpy().astype(np.float16)), ids)
        blocks = self.constant("blocks", np.array([0, -1, half]))
        byte = self.add("Reshape", self.add("Cast", rows, to=TensorProto.FLOAT), blocks)
        sixteen = self.constant("sixteen", np.float32(16))
        high = self.add("Floor", self.add("Div", byte, sixteen))
        low = self.add("Sub", byte, self.add("Mul", high, sixteen))
        code = self.add("Sub", self.add("Concat", low, high, axis=-1), self.constant("eight", np.float32(8)))
        values = self.add("Mul", code, self.add("Cast", scales, to=TensorProto.FLOAT))
        return self.add("Reshape", values, self.constant("joined", np.array([0, -1])))


def stance_model(model: Classifier, texts: Sequence[Sequence[int]]) -> onnx.ModelProto:
    """Inputs `ids` [length] of a pair and `start` [1], where its passage begins; output `scores` [3]: logits.

    `texts` are pairs of the kind that will be read, to see which inputs of the matrices have outliers.
    """
    graph = PairGraph()
    state, encoder = states(model), states(model.encoder)
    encoder["positions.weight"] = encoder["positions.weight"][:PAIR_PIECES]
    hidden = graph.encoder("ids", encoder, model.encoder.config, input_ranges(model.encoder, texts))
    first = graph.add("Gather", hidden, graph.constant("beginning", np.array([0])))
    passage = graph.add("Slice", hidden, "start", graph.constant("closing", np.array([-1])))
    scores = graph.add("Concat", first, graph.add("ReduceMean", passage, axes=[0], keepdims=1), axis=1)
    for name in ("dense", "out"):
        # Gemms, which dynamic quantisation leaves alone: they are small and decide the answer.
        stored = graph.constant(f"{name}.weight", state[f"{name}.weight"].astype(np.float16))
        weight = graph.add("Cast", stored, to=TensorProto.FLOAT)
        scores = graph.add("Gemm", scores, weight, graph.constant(f"{name}.bias", state[f"{name}.bias"]), transB=1)
        if name == "dense":
            scores = graph.add("Tanh", scores)
    flat = graph.add("Reshape", scores, graph.constant("three", np.array([len(LABELS)])))
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, ["length"]),
        helper.make_tensor_value_info("start", TensorProto.INT64, [1]),
    ]
    return graph.model(inputs, flat, [len(LABELS)])


def write_model(
    model: Classifier, encoder: Path, folder: Path, temperature: float, version: str, rows: Sequence[Row]
) -> None:
    """stance.onnx, the tokenizer that it shares with the entities and their entry in the manifest, in `folder`.

    `rows` are of the kind that will be read; the file is compared with the model on half of them.
    """
    tokenizer = load_tokenizer(encoder)
    pairs = encode(tokenizer, rows)
    file = folder / "stance.onnx"
    quantise(stance_model(model, [pair.ids for pair in pairs[::2]]), file)
    shared = folder / "tokenizer.json"
    before = shared.read_bytes() if shared.exists() else None
    tokenizer.save(str(shared), pretty=False)
    if before not in (None, shared.read_bytes()):
        raise SystemExit("the entities' tokenizer was another: the two models share one file")
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    same = 0
    for pair in pairs[1::2]:
        with torch.no_grad():
            expected = model(*collate([pair]))[0].argmax()
        found = session.run(None, {"ids": np.array(pair.ids), "start": np.array([pair.passage])})[0].argmax()
        same += int(expected) == int(found)
    share = same / len(pairs[1::2])
    print(f"{file.stat().st_size / 1e6:.1f} MB, the same label as before on {share:.1%} of {len(pairs[1::2])} pairs")
    entry = {
        "version": version,
        "license": "see NOTICE",
        "labels": LABELS,
        "temperature": temperature,
        "window": PAIR_PIECES,
    }
    write_section(folder, "stance", entry, [file.name, shared.name])
