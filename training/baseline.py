"""What the tagger is measured against: a CRF over affixes and neighbours, averaged with a plainly fine-tuned encoder.

    python -m training.ner --encoder ENCODER --data ../shared/data --out BASE
        --epochs 5 --wikifane 0 --others 0 --swap 0 --hide 0 --embedding-rate 0 --unlabelled 0
    python -m training.baseline --encoder ENCODER --data ../shared/data --tagger BASE

The weight of the average is chosen on the selection split. Needs sklearn-crfsuite beside requirements.txt.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import sklearn_crfsuite
import torch

from training.encoder import load_encoder, load_tokenizer
from training.ner import Cutter, decode, f1, label_scores
from training.ner_data import Sentence, entities, read_conll, split_selection
from training.tagger import LABELS, Tagger


def features(words: Sequence[str], i: int) -> list[str]:
    """The word, its affixes up to four letters, and its neighbours two to each side."""
    around = {at: words[i + at] if 0 <= i + at < len(words) else "<>" for at in (-2, -1, 0, 1, 2)}
    found = [f"{at}={word}" for at, word in around.items()] + [
        f"-1,0={around[-1]} {around[0]}",
        f"0,1={around[0]} {around[1]}",
    ]
    for at in (-1, 0, 1):
        found += [f"{at}^{around[at][:n]}" for n in (1, 2, 3, 4)] + [f"{at}${around[at][-n:]}" for n in (1, 2, 3, 4)]
    return [*found, f"digit={words[i].isdigit()}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tagger", type=Path, required=True)
    arguments = parser.parse_args()
    ner, labels = arguments.data / "ner", LABELS["anercorp"]
    runs, selection = split_selection(read_conll(ner / "anercorp-train.conll", "anercorp"))
    train = [s for run in runs for s in run]
    crf = sklearn_crfsuite.CRF(algorithm="lbfgs", c1=0.1, c2=0.05, max_iterations=70)
    crf.fit([[features(s.words, i) for i in range(len(s.words))] for s in train], [s.tags for s in train])

    tagger = Tagger(load_encoder(arguments.encoder, 0.0))
    tagger.load_state_dict(torch.load(arguments.tagger / "tagger.pt", weights_only=True))
    cut = Cutter(load_tokenizer(arguments.encoder))

    def both(sentences: list[Sentence]) -> tuple[list[np.ndarray], list[np.ndarray]]:
        marginals = crf.predict_marginals([[features(s.words, i) for i in range(len(s.words))] for s in sentences])
        ours = [np.array([[word.get(label, 0.0) for label in labels] for word in s]) for s in marginals]
        return ours, [
            np.exp(scores) for scores in label_scores(tagger, [s.words for s in sentences], cut, {"anercorp": 1.0})
        ]

    def figures(
        sentences: list[Sentence], pair: tuple[list[np.ndarray], list[np.ndarray]], weight: float
    ) -> dict[str, float]:
        mixed = [np.log(weight * a + (1 - weight) * b + 1e-9) for a, b in zip(*pair)]
        return f1([entities(s.tags) for s in sentences], decode(mixed))

    chosen = both(selection)
    weight = max((w / 20 for w in range(21)), key=lambda w: figures(selection, chosen, w)["all3"])
    print("weight of the CRF", weight)
    dev = read_conll(ner / "anercorp-dev.conll", "anercorp")
    for name, sentences, pair in (("selection", selection, chosen), ("anercorp-dev", dev, both(dev))):
        for what, w in (("crf", 1.0), ("encoder", 0.0), ("both", weight)):
            print(name, what, json.dumps(figures(sentences, pair, w)))


if __name__ == "__main__":
    main()
