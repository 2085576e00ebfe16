"""Go on with the encoder's pre-training on Arabic text: masked-language modelling (Devlin et al. 2019) of whole words.

    python -m training.mlm --encoder DIR --data ../shared/data --out DIR --pieces 4000000

writes a folder of the same kind as `training.encoder`'s. Half of the pieces are news, half encyclopedia; a run that was
stopped goes on from OUT/state.pt.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from training.encoder import BOS, EOS, Encoder, load_encoder, load_tokenizer, mask_of, write
from training.text import level, words
from training.unlabelled import encyclopedia, news

LENGTH = 128
BATCH = 16
MASKED = 0.2
"""Part of the words that are guessed: more than BERT's 0.15 learns faster (Wettig et al. 2023)."""
RATE, HEAD_RATE = 3e-4, 1e-3
SAVED_EVERY = 300


class Guess(nn.Module):
    """Scores of pieces from hidden states, with the word embeddings as the output matrix."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        hidden = encoder.config.hidden
        self.dense = nn.Linear(hidden, hidden)
        self.norm = nn.LayerNorm(hidden, encoder.config.eps)
        self.bias = nn.Parameter(torch.zeros(encoder.config.vocabulary))

    def forward(self, hidden: Tensor, embeddings: Tensor) -> Tensor:
        """Pieces × hidden to pieces × vocabulary."""
        return functional.linear(self.norm(functional.gelu(self.dense(hidden))), embeddings, self.bias)


def blocks(texts: list[str], tokenizer: Tokenizer, count: int) -> tuple[np.ndarray, np.ndarray]:
    """At most `count` rows of LENGTH pieces, and where in them words begin; a text follows another after EOS BOS."""
    known: dict[str, list[int]] = {}
    rows, starts = [], []
    row, start = [BOS], [True]
    for text in texts:
        cut = words(level(text))
        new = [word for word in dict.fromkeys(cut) if word not in known]
        known.update(zip(new, (e.ids or [3] for e in tokenizer.encode_batch(new)), strict=True))
        for ids in [*(known[word][: LENGTH - 2] for word in cut), [EOS, BOS]]:
            if len(row) + len(ids) > LENGTH - 1:
                rows.append([*row, *[EOS] * (LENGTH - len(row))])
                starts.append([*start, *[True] * (LENGTH - len(row))])
                row, start = [BOS], [True]
            row.extend(ids)
            start.extend([True] + [False] * (len(ids) - 1))
        if len(rows) >= count:
            break
    return np.array(rows[:count], np.uint16), np.array(starts[:count], bool)


def hidden_words(ids: Tensor, starts: Tensor, mask_id: int, vocabulary: int) -> tuple[Tensor, Tensor]:
    """(pieces with some words hidden, which pieces are to be guessed): of ten hidden words eight are masked, one is
    another, one is itself.
    """
    word = starts.long().cumsum(1) - 1
    draw = torch.rand(ids.shape).gather(1, word)
    chosen = (draw < MASKED) & (ids > EOS)
    seen = torch.where(chosen & (draw < 0.8 * MASKED), mask_id, ids)
    other = chosen & (draw >= 0.9 * MASKED)
    return torch.where(other, torch.randint(4, vocabulary, ids.shape), seen), chosen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pieces", type=int, default=4_000_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    rng = random.Random(arguments.seed)
    tokenizer = load_tokenizer(arguments.encoder)
    encoder = load_encoder(arguments.encoder, 0.0)
    head = Guess(encoder)
    arguments.out.mkdir(parents=True, exist_ok=True)

    sources = list(news(arguments.data)), list(encyclopedia(arguments.data))
    for texts in sources:
        rng.shuffle(texts)
    half = arguments.pieces // LENGTH // 2
    parts = [blocks(texts, tokenizer, half) for texts in sources]
    rows, starts = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
    order = np.random.default_rng(arguments.seed).permutation(len(rows))
    steps, warm = len(rows) // BATCH, len(rows) // BATCH // 20
    print(f"{len(rows)} rows, {steps} steps", flush=True)

    optimiser = torch.optim.AdamW(
        [{"params": encoder.parameters(), "lr": RATE}, {"params": head.parameters(), "lr": HEAD_RATE}],
        weight_decay=0.01,
        betas=(0.9, 0.98),
        fused=True,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda i: min(1.0, (i + 1) / warm) * max(0.01, 1 - i / steps)
    )
    resumed: dict[str, Any] = {"encoder": encoder, "head": head, "optimiser": optimiser, "schedule": schedule}
    state, first = arguments.out / "state.pt", 0
    if state.exists():
        kept = torch.load(state, weights_only=True)
        for name, part in resumed.items():
            part.load_state_dict(kept[name])
        first = kept["step"]
    parameters = [*encoder.parameters(), *head.parameters()]
    mask_id, vocabulary = mask_of(tokenizer), encoder.config.vocabulary
    encoder.train()
    began, losses = time.time(), []
    for step in range(first + 1, steps + 1):
        take = order[(step - 1) * BATCH : step * BATCH]
        ids = torch.from_numpy(rows[take].astype(np.int64))
        seen, chosen = hidden_words(ids, torch.from_numpy(starts[take]), mask_id, vocabulary)
        with torch.autocast("cpu", torch.bfloat16):
            scores = head(encoder(seen)[chosen], encoder.words.weight)
        loss = functional.cross_entropy(scores.float(), ids[chosen])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if step % 50 == 0:
            rate = (step - first) * BATCH * LENGTH / (time.time() - began)
            print(f"step {step}/{steps} loss {np.mean(losses[-50:]):.3f} {rate:.0f} pieces/s", flush=True)
        if step % SAVED_EVERY == 0 or step == steps:
            write(arguments.out, encoder, tokenizer)
            now = {name: part.state_dict() for name, part in resumed.items()}
            torch.save(now | {"step": step}, state.with_suffix(".new"))
            state.with_suffix(".new").replace(state)


if __name__ == "__main__":
    main()
