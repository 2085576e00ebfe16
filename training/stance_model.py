"""The stance classifier's network: a pair of target and passage through the encoder, and two layers over it."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.encoder import Encoder
from training.stance_data import LABELS

LAYERS = (0, 2, 4, 6, 8, 10)
"""Of the encoder's twelve."""
PAIR_PIECES = 128


class Classifier(nn.Module):
    """Logits of favor, against, neutral of each pair."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        hidden = encoder.config.hidden
        self.dense = nn.Linear(2 * hidden, hidden)
        self.out = nn.Linear(hidden, len(LABELS))

    def forward(self, ids: Tensor, real: Tensor, passage: Tensor) -> Tensor:
        """ids, and True at real pieces and at the passage's pieces: batch × length."""
        hidden = self.encoder(ids, real)
        weight = passage.to(hidden.dtype)
        mean = (hidden * weight[..., None]).sum(1) / weight.sum(1, keepdim=True).clamp(min=1)
        mixed = torch.tanh(self.dense(torch.cat([hidden[:, 0], mean], -1)))
        return self.out(functional.dropout(mixed, 0.1, self.training)).float()
