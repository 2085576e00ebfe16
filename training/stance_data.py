"""Stance data: tweets towards topics, headline pairs as claim and text, and what is made from them.

A row is a passage, the target that it is read against and a label: 0 favor, 1 against, 2 neutral.
"""

from __future__ import annotations

import csv
import json
import lzma
import random
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from training.text import fold, words

LABELS = ("favor", "against", "neutral")
FAVOR, AGAINST, NEUTRAL = range(3)
NAMED = {"favor": FAVOR, "agree": FAVOR, "against": AGAINST, "disagree": AGAINST, "none": NEUTRAL, "other": NEUTRAL}
MAWQIF = {"لقاح كورونا": "mawqif_vaccine", "تمكين المرأة": "mawqif_women", "التحول الرقمي": "mawqif_digital"}
RARE = 400
NEUTRAL_WEIGHT = 0.6
LINK = re.compile(r"(?:https?://|www\.|pic\.twitter|twitter\.com/)\S*|@\w+|\bURL\b|\bUSER\b")


@dataclass(frozen=True)
class Row:
    """One training or test example; `topic` is a table of stance_targets.toml, or the name of another source."""

    text: str
    target: str
    label: int
    source: str
    topic: str
    weight: float = 1.0


@dataclass(frozen=True)
class Topic:
    """A target's phrases: see stance_targets.toml."""

    group: str
    names: tuple[str, ...]
    reverse: tuple[str, ...]


def clean(text: str) -> str:
    """What the model reads: folded words and marks, one space apart, without links and handles."""
    return " ".join(words(fold(LINK.sub(" ", text))))


def topics() -> dict[str, Topic]:
    """Every topic of stance_targets.toml."""
    tables = tomllib.loads(Path(__file__).with_name("stance_targets.toml").read_text(encoding="utf-8"))
    return {name: Topic(t["group"], tuple(t["names"]), tuple(t["reverse"])) for name, t in tables.items()}


def read_tweets(folder: Path) -> list[Row]:
    """Mawqif and ArabicStanceX, each with its topic's first name as target."""
    names = {name: topic.names[0] for name, topic in topics().items()}
    rows = []
    for file, source in (("mawqif-train.jsonl", "mawqif"), ("arabicstancex-train.jsonl", "asx")):
        for line in (folder / file).read_text(encoding="utf-8").splitlines():
            r = json.loads(line)
            topic = MAWQIF[r["target"]] if source == "mawqif" else r["topic"]
            rows.append(Row(r["text"], names[topic], NAMED[r["stance"].lower()], source, topic))
    return rows


def read_sided(name: str, source: str) -> list[Row]:
    """Texts of our own from a table beside this module, a row for each target of theirs.

    Columns: the targets that the text favours, is against, is neutral to; the text.
    """
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()[1:]
    rows = []
    for *sides, text in (line.split("\t") for line in lines):
        for label, targets in enumerate(sides):
            rows += [Row(text, t.strip(), label, source, source) for t in targets.split(";") if t.strip()]
    return rows


def read_headlines(path: Path) -> list[Row]:
    """ANS: the first headline is the claim, the second the text."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [Row(r["s2"], r["s1"], NAMED[r["stance"].strip().lower()], "ans", "ans") for r in csv.DictReader(lines)]


def fold_of(row: Row, folds: int = 5) -> int:
    """The fold of a row: copies of one text share it, whatever their links and handles."""
    return int.from_bytes(blake2b(clean(row.text).encode(), digest_size=4).digest()) % folds


# -------------------------------------------------------------------------------------------------------- augmentation

SWAP = {AGAINST: FAVOR, FAVOR: AGAINST, NEUTRAL: NEUTRAL}


def paraphrased(rows: Sequence[Row], rng: random.Random) -> list[Row]:
    """Tweets anew: half under their topic's first name, an eighth under its contrary with the label turned."""
    known = topics()
    out = []
    for row in rows:
        topic, at = known[row.topic], rng.random()
        if at < 0.125 and row.label != NEUTRAL:
            out.append(replace(row, target=rng.choice(topic.reverse), label=SWAP[row.label]))
        elif at < 0.5:
            out.append(replace(row, target=rng.choice(topic.names)))
        else:
            out.append(row)
    return out


def rare(rows: Sequence[Row]) -> list[Row]:
    """The tweets of topics with few, to be read once more: the measure is a mean over topics."""
    counts = Counter(row.topic for row in rows)
    return [row for row in rows if counts[row.topic] < RARE]


def weighted(rows: Sequence[Row]) -> list[Row]:
    """Tweets weighed for the measure, which is a mean over topics and over favor and against, and leaves neutral out.

    Of the two sides of a topic the rarer counts more, by the root of how much rarer it is; neutral counts less.
    """
    counts = Counter((row.topic, row.label) for row in rows)
    found = []
    for row in rows:
        both = counts[row.topic, FAVOR] + counts[row.topic, AGAINST]
        rarer = (both / 2 / counts[row.topic, row.label]) ** 0.5
        found.append(replace(row, weight=NEUTRAL_WEIGHT if row.label == NEUTRAL else min(max(rarer, 0.6), 1.8)))
    return found


def mismatched(rows: Sequence[Row], share: float, rng: random.Random) -> list[Row]:
    """Neutral rows: a tweet with a target of which it does not speak, one of another group."""
    known = topics()
    present = sorted({row.topic for row in rows})
    out = []
    for row in rng.sample(list(rows), int(share * len(rows))):
        others = [t for t in present if known[t].group != known[row.topic].group]
        topic = known[rng.choice(others)]
        target = rng.choice(topic.names + topic.reverse)
        out.append(Row(row.text, target, NEUTRAL, "mismatch", row.topic))
    return out


def turned(rows: Sequence[Row]) -> list[Row]:
    """Headline pairs with claim and text exchanged."""
    return [replace(row, text=row.target, target=row.text) for row in rows]


def opposites() -> dict[str, str]:
    """stance_opposites.tsv: a headline's word and what turns it."""
    lines = Path(__file__).with_name("stance_opposites.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return dict(line.split("\t") for line in lines)


ANTONYM = opposites()
NUMBER = re.compile(r"\d+")


def contradicted(title: str, rng: random.Random) -> str | None:
    """A headline that cannot be true beside `title`: a word turned, another number; None if none fits."""
    found = title.split()
    at = [i for i, word in enumerate(found) if word in ANTONYM or (word.startswith("ال") and word[2:] in ANTONYM)]
    if at:
        i = rng.choice(at)
        word = found[i]
        found[i] = ANTONYM[word] if word in ANTONYM else "ال" + ANTONYM[word[2:]]
        return " ".join(found)
    if (number := NUMBER.search(title)) and rng.random() < 0.7:
        value = int(number.group()[:9])
        other = rng.choice((value * 2 + 1, value + rng.randint(2, 9), max(value - 1, 1) + 3 * (value < 2), value * 10))
        return title[: number.start()] + str(other) + title[number.end() :]
    if rng.random() < 0.5 and len(found) > 5:
        return rng.choice(("لا صحة لخبر ", "نفي خبر ", "تكذيب أنباء ", "إلغاء ", "لن يتم ")) + title
    return None


SENTENCE_END = re.compile(r"(?<=[.!?؟])\s+|\n+")


def read_articles(path: Path, rng: random.Random) -> list[tuple[str, str, str]]:
    """Title, first full sentence and category of the articles whose title and lead share words, shuffled."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        read = [json.loads(line) for line in lines]
    found = []
    for article in read:
        lead = next((s for s in SENTENCE_END.split(article["text"]) if len(s.split()) >= 8), None)
        title = re.sub(r"^[^:]{0,25}:\s*", "", article["title"]).strip()
        shared = set(clean(title).split()) & set(clean(lead or "").split())
        if lead and 5 <= len(title.split()) <= 20 and len(shared) >= 3:
            found.append((title, " ".join(lead.split()[:45]), article["category"]))
    rng.shuffle(found)
    return found


def claims(articles: Sequence[tuple[str, str, str]], rng: random.Random) -> list[Row]:
    """Claim and text out of news: a title agrees with its lead, contradicts it when turned, is foreign to others."""
    by_category: dict[str, list[tuple[str, str, str]]] = {}
    for article in articles:
        by_category.setdefault(article[2], []).append(article)
    out = []
    for title, lead, category in articles:
        text = title if rng.random() < 0.3 else lead
        changed = contradicted(title, rng)
        at = rng.random()
        if changed and at < 0.6:
            out.append(Row(*((text, changed) if rng.random() < 0.5 else (changed, text)), AGAINST, "claim", "claim"))
        elif at < 0.85:
            out.append(Row(*((lead, title) if rng.random() < 0.7 else (title, lead)), FAVOR, "claim", "claim"))
        else:
            other = rng.choice(by_category[category])
            if other[0] != title:
                out.append(Row(other[rng.random() < 0.6], title, NEUTRAL, "claim", "claim"))
    return out
