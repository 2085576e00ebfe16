"""Writes the trained stance classifier as the service reads it: 8-bit ONNX and its entry in manifest.toml.

    python -m training.stance_export --encoder DIR --model DIR/epoch-3.pt --out service/models --temperature 1

`--encoder` is the one that training started from (its sizes, its tokenizer). The file is checked against the model that
it was made from.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper

from training.encoder import BOS, EOS, load_encoder, load_tokenizer
from training.export import Graph, quantise, states, write_section
from training.stance_data import LABELS
from training.stance_model import LAYERS, PAIR_PIECES, Classifier


def stance_model(model: Classifier) -> onnx.ModelProto:
    """Inputs `ids` [length] of a pair and `start` [1], where its passage begins; output `scores` [3]: logits."""
    graph = Graph()
    state = states(model)
    hidden = graph.encoder("ids", states(model.encoder), model.encoder.config)
    first = graph.add("Gather", hidden, graph.constant("beginning", np.array([0])))
    passage = graph.add("Slice", hidden, "start", graph.constant("closing", np.array([-1])))
    pair = graph.add("Concat", first, graph.add("ReduceMean", passage, axes=[0], keepdims=1), axis=1)
    scores = pair
    for name in ("dense", "out"):
        # Gemms, which dynamic quantisation leaves alone: they are small and decide the answer.
        weight, bias = (graph.constant(f"{name}.{part}", state[f"{name}.{part}"]) for part in ("weight", "bias"))
        scores = graph.add("Gemm", scores, weight, bias, transB=1)
        if name == "dense":
            scores = graph.add("Tanh", scores)
    flat = graph.add("Reshape", scores, graph.constant("three", np.array([len(LABELS)])))
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, ["length"]),
        helper.make_tensor_value_info("start", TensorProto.INT64, [1]),
    ]
    return graph.model(inputs, flat, [len(LABELS)])


def compare(model: Classifier, path: Path, count: int = 200) -> float:
    """How often the file names the label that the model does, on random pairs."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(1)
    same = 0
    for _ in range(count):
        start = int(rng.integers(4, 12))
        ids = rng.integers(4, model.encoder.config.vocabulary - 1, start + int(rng.integers(4, 60)))
        ids[0], ids[start - 2], ids[start - 1], ids[-1] = BOS, EOS, EOS, EOS
        passage = torch.zeros(1, len(ids), dtype=torch.bool)
        passage[:, start:-1] = True
        with torch.no_grad():
            expected = model(torch.from_numpy(ids)[None], torch.ones_like(passage), passage)[0].argmax()
        found = session.run(None, {"ids": ids, "start": np.array([start])})[0].argmax()
        same += int(expected) == int(found)
    return same / count


def write_model(model: Classifier, encoder: Path, folder: Path, temperature: float, version: str) -> None:
    """stance.onnx, the tokenizer that it shares with the entities and their entry in the manifest, in `folder`."""
    file = folder / "stance.onnx"
    quantise(stance_model(model), file)
    tokenizer = folder / "tokenizer.json"
    before = tokenizer.read_bytes() if tokenizer.exists() else None
    load_tokenizer(encoder).save(str(tokenizer), pretty=False)
    if before not in (None, tokenizer.read_bytes()):
        raise SystemExit("the entities' tokenizer was another: the two models share one file")
    print(f"{file.stat().st_size / 1e6:.1f} MB, the same label as before on {compare(model, file):.1%} of random pairs")
    entry = {
        "version": version,
        "license": "see NOTICE",
        "labels": LABELS,
        "temperature": temperature,
        "window": PAIR_PIECES,
    }
    write_section(folder, "stance", entry, [file.name, tokenizer.name])


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layers", type=int, nargs="+", default=LAYERS)
    parser.add_argument("--temperature", type=float, required=True)
    parser.add_argument("--version", default="stance-1")
    arguments = parser.parse_args()
    model = Classifier(load_encoder(arguments.encoder, dropout=0.0, layers=arguments.layers)).eval()
    model.load_state_dict(torch.load(arguments.model, weights_only=True))
    write_model(model, arguments.encoder, arguments.out, arguments.temperature, arguments.version)


if __name__ == "__main__":
    main()
