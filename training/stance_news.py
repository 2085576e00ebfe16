"""Passages of news prose towards a target, composed from stance_news.toml and from the leads of real articles.

Most speak of two targets and are read against either: the words alone do not give the label, the target does.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from training.stance_data import AGAINST, FAVOR, NEUTRAL, SWAP, Row

FORMS = re.compile(r"\(([^()/]*)/([^()/]*)\)")
# A noun with a definite complement, or a definite noun with its adjective: what a report may be asked about.
PHRASE = re.compile(r"(?<![\w])((?:ال)?[\u0621-\u064a]{3,})\s(ال[\u0621-\u064a]{3,})(?![\w])")
SIDES = (("favor", FAVOR), ("against", AGAINST))
REVERSED = ("رفض {t}", "إلغاء {t}", "معارضة {t}", "وقف {t}", "منع {t}")


@cache
def table() -> dict[str, list[str]]:
    """stance_news.toml."""
    return tomllib.loads(Path(__file__).with_name("stance_news.toml").read_text(encoding="utf-8"))


def unrelated(rows: Sequence[Row], rng: random.Random) -> list[Row]:
    """Passages with a target of another passage that shares no word with them."""
    targets = [row.target for row in rows]
    pairs = [(row, rng.choice(targets)) for row in rows]
    return [
        Row(row.text, target, NEUTRAL, "written", "written")
        for row, target in pairs
        if not any(w in row.text for w in target.split())
    ]


def fill(template: str, target: str, feminine: bool, speaker: str) -> str:
    """A sentence about a target; a preposition written onto its article is contracted («للقانون»)."""
    text = FORMS.sub(lambda m: m[2] if feminine else m[1], template).replace("{n}", speaker)
    if target.startswith("ال"):
        text = re.sub(r"(?<!\w)ل\{t\}", "لل" + target[2:], text)
    return text.replace("{t}", target)


def sentence(kind: str, target: tuple[str, bool], rng: random.Random) -> str:
    """One sentence of a kind about a target."""
    return fill(rng.choice(table()[kind]), *target, rng.choice(table()["speakers"]))


def some_target(rng: random.Random) -> tuple[str, bool]:
    """A target and whether it is feminine."""
    feminine = rng.random() < 0.5
    return rng.choice(table()["targets_f" if feminine else "targets_m"]), feminine


def about(target: tuple[str, bool], rng: random.Random) -> tuple[list[str], int]:
    """Sentences about a target and the side that they take together: a voice that is quoted does not turn it."""
    at = rng.random()
    if at < 0.66:
        kind, label = rng.choice(SIDES)
        found = [sentence(kind, target, rng)]
        if rng.random() < 0.3:
            found.append(sentence(kind, target, rng))
        if rng.random() < 0.3:
            found.insert(0, sentence(rng.choice(("report", "quoted")), target, rng))
        return found, label
    if at < 0.8:
        return [sentence("report", target, rng)], NEUTRAL
    return [sentence("quoted", target, rng) for _ in range(rng.choice((1, 1, 2)))], NEUTRAL


def composed(count: int, leads: Sequence[str], rng: random.Random) -> list[Row]:
    """`count` rows of composed passages; `leads` are sentences of real reports, some of which go before them."""
    rows: list[Row] = []
    while len(rows) < count:
        first, second = some_target(rng), some_target(rng)
        if set(first[0].split()) & set(second[0].split()):
            continue
        one, label = about(first, rng)
        parts = [one]
        two: list[str] = []
        other = NEUTRAL
        if rng.random() < 0.7:
            two, other = about(second, rng)
            parts.append(two)
            rng.shuffle(parts)
        sentences = [s for part in parts for s in part]
        for _ in range(rng.choice((0, 0, 1, 1, 2))):
            sentences.insert(rng.randrange(len(sentences) + 1), rng.choice(table()["context"]))
        if rng.random() < 0.2:
            sentences.insert(0, rng.choice(leads))
        text = " ".join(sentences)
        for target, side in ((first[0], label), (second[0], other)):
            if side != NEUTRAL and rng.random() < 0.08:
                target, side = rng.choice(REVERSED).replace("{t}", target), SWAP[side]
            rows.append(Row(text, target, side, "composed", "composed"))
    return rows[:count]


def reported(count: int, leads: Sequence[str], rng: random.Random) -> list[Row]:
    """`count` rows of real leads, neutral towards a phrase of theirs, half with a side taken on it after."""
    rows: list[Row] = []
    for lead in rng.sample(list(leads), len(leads)):
        if len(rows) == count:
            break
        phrases = PHRASE.findall(lead)
        if not phrases:
            continue
        target = " ".join(rng.choice(phrases))
        at = rng.random()
        if at < 0.5:
            rows.append(Row(lead, target, NEUTRAL, "reported", "reported"))
        else:
            kind, label = rng.choice(SIDES)
            plain = [s for s in table()[kind] if "(" not in s]
            text = " ".join((lead, fill(rng.choice(plain), target, False, "")))
            rows.append(Row(text, target, label, "reported", "reported"))
    return rows
