"""The tagger: the encoder, and for every corpus a linear layer over the first piece of each word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.encoder import BOS, EOS, PAD, Encoder

KINDS = {
    "anercorp": ("PER", "LOC", "ORG", "MISC"),
    "wikifane": ("PER", "GPE", "LOC", "FAC", "ORG", "GROUP", "MISC"),
    "twitter": ("PER", "LOC", "ORG"),
    "wojood": ("PER", "GPE", "LOC", "FAC", "ORG", "GROUP", "OCC", "MISC"),
}
MIXTURE = {"anercorp": 0.8, "wikifane": 0.1, "twitter": 0.1}
"""How much each corpus's layer says in the answer, in ANERcorp's labels."""
TEACHERS = {"anercorp": 0.45, "wikifane": 0.45, "twitter": 0.1}
"""The same for labels on unlabelled text: WikiFANE's layer finds more of the institutions."""
MERGED = {"GPE": "LOC", "FAC": "LOC", "GROUP": "", "OCC": ""}
"""Types that ANERcorp calls otherwise, or does not mark."""
LABELS = {corpus: ("O", *(f"{p}-{k}" for k in kinds for p in "BI")) for corpus, kinds in KINDS.items()}


class Tagger(nn.Module):
    """Piece ids to label scores of words, by the conventions of one corpus."""

    def __init__(self, encoder: Encoder, dropout: float = 0.2) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = dropout
        self.heads = nn.ModuleDict(
            {corpus: nn.Linear(encoder.config.hidden, len(labels)) for corpus, labels in LABELS.items()}
        )

    def forward(self, ids: Tensor, mask: Tensor | None, words: Tensor, corpus: str) -> Tensor:
        """ids, mask: batch × length; words: batch × width, where each word's first piece stands. Scores: batch × width
        × labels.
        """
        hidden = self.encoder(ids, mask)
        taken = hidden.gather(1, words[..., None].expand(-1, -1, hidden.shape[-1]))
        scores: Tensor = self.heads[corpus](functional.dropout(taken, self.dropout, self.training))
        return scores

    def mixed(self, ids: Tensor, mask: Tensor | None, words: Tensor, weights: dict[str, float]) -> Tensor:
        """Probabilities of ANERcorp's labels: the layers' own, renamed and averaged."""
        hidden = self.encoder(ids, mask)
        taken = hidden.gather(1, words[..., None].expand(-1, -1, hidden.shape[-1]))
        total = torch.zeros(*words.shape, len(LABELS["anercorp"]))
        for corpus, weight in weights.items():
            own = self.heads[corpus](taken).float().softmax(-1)
            total += weight * (own[..., None] * renaming(corpus)).sum(-2)  # written out: autocast would round a product
        return total


def renaming(corpus: str) -> Tensor:
    """A corpus's labels × ANERcorp's: 1 where the first is called the second."""
    ours = LABELS["anercorp"]
    table = torch.zeros(len(LABELS[corpus]), len(ours))
    for i, label in enumerate(LABELS[corpus]):
        prefix, _, kind = label.partition("-")
        kind = MERGED.get(kind, kind)
        table[i, ours.index(f"{prefix}-{kind}" if kind else "O")] = 1.0
    return table


def collate(examples: Sequence[Sequence[Sequence[int]]]) -> tuple[Tensor, Tensor | None, Tensor, Tensor]:
    """Pieces of the words of each example to (ids, mask, first pieces, which of these are words)."""
    rows, firsts = [], []
    for example in examples:
        row, first = [BOS], []
        for word in example:
            first.append(len(row))
            row.extend(word)
        rows.append([*row, EOS])
        firsts.append(first)
    # Few shapes: the matrix library prepares kernels anew for each one.
    length, width = (-(-max(map(len, part)) // 16) * 16 for part in (rows, firsts))
    ids, words = torch.full((len(rows), length), PAD), torch.zeros((len(rows), width), dtype=torch.long)
    real = torch.zeros((len(rows), width), dtype=torch.bool)
    for i, (row, first) in enumerate(zip(rows, firsts)):
        ids[i, : len(row)] = torch.tensor(row)
        words[i, : len(first)] = torch.tensor(first)
        real[i, : len(first)] = True
    mask = ids != PAD
    return ids, None if mask.all() else mask, words, real


def allowed(labels: Sequence[str]) -> np.ndarray:
    """0 where IOB2 lets the second label follow the first, else −inf; the last row is the start of a sentence."""
    table = np.zeros((len(labels) + 1, len(labels)))
    for i, before in enumerate([*labels, "O"]):
        for j, after in enumerate(labels):
            if after.startswith("I-") and before[2:] != after[2:]:
                table[i, j] = -np.inf
    return table


def viterbi(scores: np.ndarray, transitions: np.ndarray) -> list[int]:
    """The best legal path through words × labels."""
    best = scores[0] + transitions[-1]
    back = []
    for row in scores[1:]:
        total = best[:, None] + transitions[:-1]
        back.append(total.argmax(0))
        best = total.max(0) + row
    path = [int(best.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return path[::-1]
