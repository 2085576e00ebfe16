"""Arabic text without labels: the news, and an encyclopedia."""

from __future__ import annotations

import json
import lzma
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from training.encoder import ARABIC
from training.text import level, words

SENTENCE_END = re.compile(r"(?<=[.!?؟])\s|\n+")
STRETCH, LONGEST = 80, 100


def news(data: Path) -> Iterator[str]:
    """The articles of the ANT Corpus, less those that were marked by hand."""
    gold = (data / "news/gold-dev.jsonl").read_text(encoding="utf-8").splitlines()
    marked = {json.loads(line)["id"] for line in gold}
    with lzma.open(data / "news/antcorpus.jsonl.xz", "rt", encoding="utf-8") as lines:
        yield from (a["text"] for a in map(json.loads, lines) if a["id"] not in marked)


def encyclopedia(data: Path) -> Iterator[str]:
    """Lines of some length in Arabic."""
    with lzma.open(data / "text/wikipedia-2017.txt.xz", "rt", encoding="utf-8") as lines:
        yield from (line for line in lines if len(line) > 80 and len(ARABIC.findall(line)) > 8)


def stretches(texts: Sequence[str], count: int, rng: random.Random) -> list[list[str]]:
    """About `count` levelled words out of some of the texts, in runs of a few sentences."""
    found: list[list[str]] = []
    seen = 0
    for text in rng.sample(texts, len(texts)):
        run: list[str] = []
        for sentence in SENTENCE_END.split(text):
            cut = words(level(sentence))[:LONGEST]
            if run and (len(run) + len(cut) > STRETCH or rng.random() < 0.4):
                found.append(run)
                seen += len(run)
                run = []
            run = run + cut
        if len(run) > 3:
            found.append(run)
            seen += len(run)
        if seen > count:
            break
    return found
