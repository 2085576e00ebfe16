"""The corpora that the tagger learns from, brought to one shape: levelled words as the service cuts them, IOB2 tags."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from training.text import WORD, level, words

Entity = tuple[int, int, str]
SELECTED = (0.05, 0.25, 0.45, 0.65, 0.85)
"""Where the five runs of 2 % of ANERcorp's training sentences begin that models are chosen on."""

WIKIFANE = {
    "PER": "Politician Artist Scientist Athlete Religious_PER Other_PER Businessperson Engineer Lawyer Police",
    "ORG": "Government Non-Governmental "
    "Commercial Educational Media Religious_ORG Sports Medical-Science Entertainment",
    "GPE": "Nation Continent Population-Center State-or-Province County-or-District GPE-Cluster",
    "LOC": "Water-Body Land-Region-Natural Land Water",
    "FAC": "Building-Grounds Subarea-Facility Path Airport Plant",
    "GROUP": "Group",
}
"""WikiFANE's fine types, collapsed; all others are MISC. GROUP is peoples, sects and tribes."""
WIKIFANE_TYPE = {fine: kind for kind, names in WIKIFANE.items() for fine in names.split()}
WOJOOD_TYPE = {
    "PERS": "PER",
    "ORG": "ORG",
    "GPE": "GPE",
    "LOC": "LOC",
    "FAC": "FAC",
    "NORP": "GROUP",
    "OCC": "OCC",
    "EVENT": "MISC",
    "PRODUCT": "MISC",
    "LAW": "MISC",
    "WEBSITE": "ORG",
}
PROCLITICS = {"و", "ف", "ب", "ل", "ك"}
ENCLITICS = {"ه", "ها", "هم", "هما", "هن", "نا"}
LETTERS = re.compile("[\u0621-\u064a]+")
BRACKETED = re.compile(r"\[(PER|LOC|ORG|MISC) ([^\[\]]+)\]")


@dataclass(frozen=True)
class Sentence:
    """Levelled words with their IOB2 tags, and the corpus whose conventions the tags follow."""

    words: list[str]
    tags: list[str]
    corpus: str


def entities(tags: Sequence[str]) -> set[Entity]:
    """(first word, word after, type); an I- that continues nothing begins one, as the scorer reads them."""
    found, start, kind = set(), 0, ""
    for i, tag in enumerate([*tags, "O"]):
        prefix, _, name = tag.partition("-")
        if kind and (prefix != "I" or name != kind):
            found.add((start, i, kind))
            kind = ""
        if name and not kind:
            start, kind = i, name
    return found


def recut(given: Sequence[str], tags: Sequence[str], corpus: str) -> Sentence:
    """Fold and cut words as the service does; parts of a tagged word share its entity; the tags become strict IOB2."""
    out: Sentence = Sentence([], [], corpus)
    before = "O"
    for word, tag in zip(given, tags):
        prefix, _, kind = tag.partition("-")
        if prefix == "I" and before.partition("-")[2] != kind:
            tag = f"B-{kind}"
        before = tag
        for part in words(level(word)):
            if part == "#" and tag.startswith("B") and word.startswith("#"):
                out.words.append(part)
                out.tags.append("O")
                continue
            out.words.append(part)
            out.tags.append(tag)
            if tag.startswith("B-"):
                tag = f"I-{kind}"
    return out


def read_conll(path: Path, corpus: str) -> list[Sentence]:
    """Two columns; a blank line ends a sentence."""
    rows: list[tuple[list[str], list[str]]] = [([], [])]
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = line.split("\t")
        if len(parts) < 2 or not parts[0].strip():
            if rows[-1][0]:
                rows.append(([], []))
            continue
        rows[-1][0].append(re.sub(r"\s+", "", parts[0]))
        rows[-1][1].append(parts[-1].strip())
    return [s for s in (recut(*row, corpus) for row in rows if row[0]) if s.words]


def read_written(path: Path) -> list[Sentence]:
    """Sentences of our own, a name in brackets after its type: «قال [PER سالم الورداني] إن»."""
    out = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text, at, found = "", 0, list[tuple[int, int, str]]()
        for match in BRACKETED.finditer(line):
            text += level(line[at : match.start()])
            name = level(match[2])
            found.append((len(text), len(text) + len(name), match[1]))
            text, at = text + name, match.end()
        text += level(line[at:])
        given, tags, before = list[str](), list[str](), None
        for word in WORD.finditer(text):
            of = next((f for f in found if f[0] < word.end() and word.start() < f[1]), None)
            given.append(word[0])
            tags.append("O" if of is None else ("I-" if of == before else "B-") + of[2])
            before = of
        if given:
            out.append(Sentence(given, tags, "anercorp"))
    return out


def read_wikifane(path: Path) -> list[Sentence]:
    """WikiFANE with its proclitics and enclitics put back on their words, and its types collapsed."""
    out: list[Sentence] = []
    given: list[str] = []
    tags: list[str] = []
    pending = ""
    for line in [*path.read_text(encoding="utf-8").splitlines(), "\t"]:
        word, _, tag = line.replace("\u200e", "").partition("\t")
        word, prefix, fine = word.strip(), tag.partition("-")[0], tag.strip().partition("-")[2]
        if not word:
            if pending:
                given.append(pending)
                tags.append("O")
                pending = ""
            if given:
                out.append(recut(given, tags, "wikifane"))
            given, tags = [], []
            continue
        kind = WIKIFANE_TYPE.get(fine, "MISC") if fine else ""
        tag = f"{prefix}-{kind}" if kind else "O"
        if not pending and word in PROCLITICS and tag == "O":
            pending = word
        elif (
            not pending
            and word in ENCLITICS
            and tag == "O"
            and given
            and tags[-1] == "O"
            and LETTERS.fullmatch(given[-1])
        ):
            given[-1] = re.sub("ة$", "ت", given[-1]) + word
        else:
            joined = pending and LETTERS.match(word) is not None
            if pending and not joined:
                given.append(pending)
                tags.append("O")
            elided = joined and pending == "ل" and word.startswith("ال")
            given.append(pending + (word[1:] if elided else word) if joined else word)
            tags.append(tag)
            pending = ""
    return out


def read_wojood(path: Path) -> list[Sentence]:
    """Wojood's outermost entities; quantities, dates and their like are left out."""
    out: list[Sentence] = []
    for block in re.split(r"\n\s*\n|\n?\$#\$ O\n", path.read_text(encoding="utf-8")):
        rows = [line.split() for line in block.splitlines() if len(line.split()) >= 2]
        tags = []
        for _, *labels in rows:
            label = labels[0]
            prefix, _, fine = label.partition("-")
            kind = WOJOOD_TYPE.get(fine, "")
            tags.append(f"{prefix}-{kind}" if kind else "O")
        if rows:
            out.append(recut([row[0] for row in rows], tags, "wojood"))
    return [s for s in out if s.words]


def split_selection(sentences: Sequence[Sentence]) -> tuple[list[list[Sentence]], list[Sentence]]:
    """Training sentences as runs of consecutive ones, and those that models are chosen on, repeats of which are not
    trained on.
    """
    size, cuts = len(sentences) // 50, [int(part * len(sentences)) for part in SELECTED]
    selected = {i for cut in cuts for i in range(cut, cut + size)}
    held = {tuple(sentences[i].words) for i in selected}
    runs: list[list[Sentence]] = [[]]
    for i, sentence in enumerate(sentences):
        if i in selected or tuple(sentence.words) in held:
            if runs[-1]:
                runs.append([])
        else:
            runs[-1].append(sentence)
    return [run for run in runs if run], [sentences[i] for i in sorted(selected)]


# --------------------------------------------------------------------------------------------------------- augmentation

BUCKWALTER = dict(
    zip("'|>&<}AbptvjHxd*rzs$SDTZEg_fqklmnhwYyFNKaui~o`{PJVG", "ءآأؤإئابةتثجحخدذرزسشصضطظعغـفقكلمنهوىيًٌٍَُِّْٰٱپچڤگ")
)


def read_names(folder: Path) -> dict[str, list[list[str]]]:
    """Names by type from the NERAr lists (Buckwalter) and the ANER gazetteers: levelled words, one to four each."""
    found: dict[str, set[tuple[str, ...]]] = {"PER": set(), "LOC": set(), "ORG": set()}
    for file in sorted(folder.glob("nerar/*.norm")):
        kind = file.suffixes[0][1:] if len(file.suffixes) > 1 else file.stem.rpartition("-")[2]
        kind = {"PERS": "PER"}.get(kind, kind)
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            name = line.split("\t")[0]
            if all(c in BUCKWALTER or c == " " for c in name):
                found[kind].add(tuple(words(level("".join(BUCKWALTER.get(c, c) for c in name)))))
    for kind, stem in (("PER", "Pers"), ("LOC", "Loc"), ("ORG", "Org")):
        for line in (folder / f"Aligned{stem}Gazetteer.txt").read_text(encoding="utf-8").splitlines():
            found[kind].add(tuple(words(level(line))))
    return {
        kind: sorted(
            [
                list(n)
                for n in names
                if n
                and len(n) <= 5
                and min(map(len, n)) >= 1
                and sum(map(len, n)) >= 3
                and all(LETTERS.fullmatch(w) for w in n)
            ]
        )
        for kind, names in found.items()
    }


@dataclass
class Swap:
    """Replaces entities by others of their type, keeping the proclitics of the first word.

    `names` are candidates by type (the corpus's own), `lists` others; a proclitic is recognised where the rest of the
    word begins an entity somewhere.
    """

    names: dict[str, list[list[str]]]
    lists: dict[str, list[list[str]]]
    rate: float
    begins: Counter[str] = field(default_factory=Counter)

    @classmethod
    def learn(cls, sentences: Iterable[Sentence], lists: dict[str, list[list[str]]], rate: float) -> Swap:
        """Candidates from the corpus itself; half of the persons and places will come from the lists."""
        swap = cls({}, lists, rate)
        own: dict[str, list[list[str]]] = {}
        for sentence in sentences:
            for start, end, kind in entities(sentence.tags):
                swap.begins[sentence.words[start]] += 1
                own.setdefault(kind, []).append(sentence.words[start:end])
        for kind, found in own.items():
            clean = [[word[len(swap.clitic(word)) :], *rest] for word, *rest in found]
            swap.names[kind] = clean
        return swap

    def clitic(self, word: str) -> str:
        """Proclitics at the start of an entity's first word; an elided article is given back by `join`."""
        for length in (2, 1):
            head, rest = word[:length], word[length:]
            if len(rest) > 2 and set(head) <= PROCLITICS and self.begins[rest] > self.begins[word] // 2:
                return head
        return ""

    def __call__(self, sentence: Sentence, rng: random.Random) -> Sentence:
        """A copy in which some of the entities are others."""
        out = Sentence([], [], sentence.corpus)
        at = 0
        for start, end, kind in sorted(entities(sentence.tags)):
            if kind not in ("PER", "LOC", "ORG") or rng.random() >= self.rate:
                continue
            pool = self.lists[kind] if kind in ("PER", "LOC") and rng.random() < 0.5 else self.names[kind]
            name = list(rng.choice(pool))
            clitic = self.clitic(sentence.words[start])
            if clitic.endswith("ل") and name[0].startswith("ال"):
                name[0] = name[0][1:]
            name[0] = clitic + name[0]
            out.words.extend(sentence.words[at:start] + name)
            out.tags.extend(sentence.tags[at:start] + [f"B-{kind}"] + [f"I-{kind}"] * (len(name) - 1))
            at = end
        out.words.extend(sentence.words[at:])
        out.tags.extend(sentence.tags[at:])
        return out
