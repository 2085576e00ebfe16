"""Continued masked-language training of the encoder on Arabic news and Wikipedia, folded as in the service.

    python -m training.pretrain --encoder DIR --data ../shared/data --out DIR --pieces 8000000 --seed 1

Whole words are masked (25 %; of these 80 % masked, 10 % random, 10 % kept), blocks are up to 128 pieces of consecutive
text of one document. The output layer is tied to the word embeddings. Autocast to bfloat16: fast where the processor
has AMX.
"""

from __future__ import annotations

import argparse
import json
import lzma
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from training.encoder import BOS, EOS, MASK, PAD, Encoder, load_encoder, load_tokenizer, write
from training.text import fold, pieces, words

LENGTH = 128
MASKED = 0.25


def news(path: Path) -> Iterator[list[str]]:
    """Paragraphs of every article, its title first."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            yield [article["title"], *article["text"].split("\n")]


def encyclopedia(path: Path) -> Iterator[list[str]]:
    """Paragraphs of every article (`<doc ...>` begins one); lines without Arabic are passed over."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        article: list[str] = []
        for line in lines:
            if line.startswith("<doc ") and article:
                yield article
                article = []
            elif not line.startswith("<") and any("\u0621" <= c <= "\u064a" for c in line):
                article.append(line)
        yield article


def blocks(tokenizer: Tokenizer, documents: Iterator[list[str]]) -> tuple[np.ndarray, np.ndarray]:
    """Ids (n × LENGTH, uint16, padded) and word starts (bool): each document cut into full blocks."""
    ids_of, starts_of = [], []
    for document in documents:
        found = pieces(tokenizer, [words(fold(paragraph)) for paragraph in document])
        ids = [i for paragraph in found for word in paragraph for i in word]
        starts = [j == 0 for paragraph in found for word in paragraph for j in range(len(word))]
        for at in range(0, len(ids), LENGTH - 2):
            part, first = ids[at : at + LENGTH - 2], starts[at : at + LENGTH - 2]
            if len(part) < 12:
                continue
            row, begin = np.full(LENGTH, PAD, np.uint16), np.zeros(LENGTH, bool)
            row[: len(part) + 2] = [BOS, *part, EOS]
            begin[1 : len(part) + 1] = first
            begin[1] = True
            ids_of.append(row)
            starts_of.append(begin)
    return np.stack(ids_of), np.stack(starts_of)


class Head(nn.Module):
    """Predicts pieces from hidden states, through the word embeddings."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.dense = nn.Linear(encoder.config.hidden, encoder.config.hidden)
        self.norm = nn.LayerNorm(encoder.config.hidden)
        self.bias = nn.Parameter(torch.zeros(encoder.config.vocabulary))

    def forward(self, hidden: Tensor, embeddings: Tensor) -> Tensor:
        return functional.linear(self.norm(functional.gelu(self.dense(hidden))), embeddings, self.bias)


def mask_words(
    ids: np.ndarray, starts: np.ndarray, mask: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Inputs with whole words masked, and where."""
    word = np.cumsum(starts, axis=1)
    inside = ids > EOS
    chosen = (rng.random(ids.shape) < MASKED)[np.arange(len(ids))[:, None], word] & inside
    how = rng.random(ids.shape)
    masked = np.where(how < 0.8, mask, np.where(how < 0.9, rng.integers(4, mask, ids.shape), ids))
    return np.where(chosen, masked, ids), chosen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pieces", type=int, default=8_000_000, help="how many pieces to train on, padding included")
    parser.add_argument("--news-share", type=float, default=0.45, help="part of the blocks that are news")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    rng = np.random.default_rng(arguments.seed)

    tokenizer = load_tokenizer(arguments.encoder)
    mask = tokenizer.token_to_id(MASK)
    encoder = load_encoder(arguments.encoder, dropout=0.0).train()
    head = Head(encoder)
    arguments.out.mkdir(parents=True, exist_ok=True)
    cache = arguments.out / "blocks.npz"
    if not cache.exists():
        a, b = blocks(tokenizer, news(arguments.data / "news/antcorpus.jsonl.xz"))
        c, d = blocks(tokenizer, encyclopedia(arguments.data / "text/wikipedia-2017.txt.xz"))
        np.savez(cache, a=a, b=b, c=c, d=d)
    with np.load(cache) as saved:
        sources = [(saved["a"], saved["b"]), (saved["c"], saved["d"])]
    print("blocks", [len(ids) for ids, _ in sources], flush=True)

    steps = arguments.pieces // (arguments.batch * LENGTH)
    decayed = [p for p in [*encoder.parameters(), *head.parameters()] if p.ndim > 1]
    plain = [p for p in [*encoder.parameters(), *head.parameters()] if p.ndim == 1]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}],
        arguments.rate,
        betas=(0.9, 0.98),
        fused=True,
    )
    warm = max(1, steps // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / warm) * max(0.02, 1 - step / steps)
    )
    orders = [rng.permutation(len(ids)) for ids, _ in sources]
    taken = [0, 0]
    began, total, seen = time.time(), 0.0, 0
    for step in range(steps):
        rows, starts = [], []
        for _ in range(arguments.batch):
            source = int(rng.random() >= arguments.news_share)
            ids, first = sources[source]
            row = orders[source][taken[source] % len(ids)]
            taken[source] += 1
            rows.append(ids[row])
            starts.append(first[row])
        ids = np.stack(rows).astype(np.int64)
        given, chosen = mask_words(ids, np.stack(starts), mask, rng)
        width = int((ids != PAD).sum(1).max())
        given, chosen, ids = given[:, :width], chosen[:, :width], ids[:, :width]
        real = ids != PAD
        with torch.autocast("cpu", torch.bfloat16):
            hidden = encoder(torch.from_numpy(given), None if real.all() else torch.from_numpy(real))
            logits = head(hidden[torch.from_numpy(chosen)], encoder.words.weight)
        loss = functional.cross_entropy(logits.float(), torch.from_numpy(ids[chosen]))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        total, seen = total + loss.item(), seen + 1
        if step % 50 == 49:
            speed = (step + 1) * arguments.batch * LENGTH / (time.time() - began)
            print(f"step {step + 1}/{steps} loss {total / seen:.3f} {speed:.0f} pieces/s taken {taken}", flush=True)
            total, seen = 0.0, 0
        if step % 250 == 249 or step + 1 == steps:
            write(arguments.out / "part", encoder, tokenizer)
            for file in (arguments.out / "part").iterdir():
                shutil.move(file, arguments.out / file.name)


if __name__ == "__main__":
    main()
