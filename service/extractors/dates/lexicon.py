"""The words of time expressions: the TOML files beside this module, folded into one trie over tokens."""

import re
from collections.abc import Iterable, Iterator
from operator import itemgetter
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct, structs

from service.errors import LexiconError
from service.lexicon import read_toml
from service.terms import Modifier
from service.text.clitics import with_proclitics
from service.text.normalise import fold_form, normalise
from service.text.segment import tokenise

HERE = Path(__file__).parent
FILES = (
    "months.toml",
    "weekdays.toml",
    "units.toml",
    "relative.toml",
    "modifiers.toml",
    "parts_of_day.toml",
    "seasons.toml",
    "named_days.toml",
    "frequencies.toml",
    "function_words.toml",
    "not_dates.toml",
)

Forms = tuple[str, ...]
Month = Annotated[int, Meta(ge=1, le=12)]
Weekday = Annotated[int, Meta(ge=1, le=7)]
Unit = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "half", "year", "decade", "century"]
MonthDay = Annotated[str, Meta(pattern=r"^\d\d-\d\d$")]
Key = int | str
_SHARING = ("word", "cue")  # kinds whose keys may share a form: «من» is from and of
_LABELLED = (*_SHARING, "unit", "plural", "dual_construct")  # kinds of which the grammar tells the keys apart


class Words(Struct, forbid_unknown_fields=True, frozen=True):
    """Every kind of word that a data file may list: from a key to its forms. Each file fills some of them."""

    month: dict[Month, Forms] = {}
    hijri_month: dict[Month, Forms] = {}
    guarded: dict[Literal["words"], Forms] = {}
    strict: dict[Literal["words"], Forms] = {}
    written: dict[Literal["words"], Forms] = {}
    weekday: dict[Weekday, Forms] = {}
    bare_weekday: dict[Weekday, Forms] = {}
    unit: dict[Unit, Forms] = {}
    dual: dict[Unit, Forms] = {}
    dual_construct: dict[Unit, Forms] = {}
    plural: dict[Unit, Forms] = {}
    day: dict[int, Forms] = {}
    run_on: dict[Literal["alone", "after_month"], Forms] = {}
    direction: dict[int, Forms] = {}
    following: dict[Literal[1], Forms] = {}
    same: dict[Literal[0], Forms] = {}
    this: dict[Literal[0], Forms] = {}
    reference: dict[Literal["PAST_REF", "PRESENT_REF", "FUTURE_REF"], Forms] = {}
    stretch: dict[Modifier, Forms] = {}
    amount: dict[Modifier, Forms] = {}
    limit: dict[Modifier, Forms] = {}
    bound: dict[Modifier, Forms] = {}
    part: dict[Literal["MO", "AF", "EV", "NI"], Forms] = {}
    night: dict[int, Forms] = {}
    noon: dict[Literal[0, 12], Forms] = {}
    clock: dict[Literal[0], Forms] = {}
    hour: dict[Month, Forms] = {}
    minutes: dict[Literal[15, 20, 30], Forms] = {}
    less: dict[Literal[0], Forms] = {}
    am: dict[Literal[0], Forms] = {}
    pm: dict[Literal[0], Forms] = {}
    zone: dict[int, Forms] = {}
    season: dict[Literal["SP", "SU", "FA", "WI"], Forms] = {}
    fraction: dict[Literal["Q", "H"], Forms] = {}
    decade: dict[int, Forms] = {}
    school: dict[Literal[0], Forms] = {}
    gregorian_day: dict[MonthDay, Forms] = {}
    hijri_day: dict[MonthDay, Forms] = {}
    frequency: dict[str, Forms] = {}
    times: dict[int, Forms] = {}
    word: dict[str, Forms] = {}
    cue: dict[
        Literal[
            "future",
            "past",
            "time",
            "lasting",
            "age",
            "throughout",
            "dated",
            "told",
            "nowadays",
            "state",
            "better",
            "weather",
            "sport",
            "degrees",
        ],
        Forms,
    ] = {}
    not_date: dict[str, Forms] = {}


class Sense(Struct, frozen=True, gc=False):
    """One meaning of a form: its kind is a field of `Words`. `definite` forms carry the article of a listed unit."""

    kind: str
    key: Key
    definite: bool = False
    label: str = ""  # the kind, with the key of a function word or a unit: what the grammar looks up
    bare: str = ""  # "guarded", "strict" or "written": what a month's form needs before it stands alone


class Node(Struct, gc=False):
    """A place in the trie: the tokens that may follow, and what the form that ends here means."""

    children: "dict[str, Node]"
    senses: list[Sense]


class Entry(Struct, frozen=True, gc=False):
    """What a folded word reaches: places of the trie, whole word first, each with the length of the proclitics before.

    `labels` (kinds among them) and `words` (keys of function words) are those of every form that begins there, short
    or long: what the word cannot be is known without looking further. `alone` are the labels of the word by itself,
    `next` the words that may follow it in a longer form.
    """

    places: tuple[tuple[int, Node], ...]
    words: frozenset[Key]
    labels: frozenset[str]
    alone: frozenset[str]
    next: frozenset[str]


class Lexicon(Struct, frozen=True):
    """Every way to write a form's first word, and the words that typing joins to the one before."""

    entries: dict[str, Entry]
    forms: dict[str, Node]  # first words without proclitics
    run_on: re.Pattern[str]
    alone: frozenset[str]

    def run_together(self, before: str, last: str) -> Entry | None:
        """«صباحاليوم», «مايالماضي»: what an unlisted word reaches that ends in a word of `run_on`."""
        if last in self.alone:
            return _entry([(len(before), self.forms[last])])
        month = self.forms.get(before)
        return _entry([(0, month)]) if month and any(sense.kind == "month" for sense in month.senses) else None


def build_lexicon() -> Lexicon:
    """Read and check every data file."""
    root, run_on = _build_trie()
    ways: dict[str, list[tuple[int, bool, Node]]] = {}
    for word, node in root.children.items():
        for written, length, elided in with_proclitics(word):
            ways.setdefault(written, []).append((length, not elided, node))
    about = {id(node): _entry([(0, node)]) for node in root.children.values()}
    entries: dict[str, Entry] = {}
    for written, reached in ways.items():
        length, _, node = reached[0]
        if len(reached) == 1:
            one = about[id(node)]
            entries[written] = Entry(((length, node),), one.words, one.labels, one.alone, one.next)
        else:
            entries[written] = _entry([(length, node) for length, _, node in sorted(reached, key=itemgetter(0, 1))])
    joined = re.compile("|".join(map(re.escape, (*run_on["alone"], *run_on["after_month"]))))
    return Lexicon(entries, root.children, joined, frozenset(run_on["alone"]))


def _entry(places: list[tuple[int, Node]]) -> Entry:
    senses = [sense for _, node in places for sense in _senses(node)]
    return Entry(
        places=tuple(places),
        words=frozenset(sense.key for sense in senses if sense.kind == "word"),
        labels=_labels(senses),
        alone=_labels(sense for _, node in places for sense in node.senses),
        next=frozenset(word for _, node in places for word in node.children),
    )


def _labels(senses: Iterable[Sense]) -> frozenset[str]:
    return frozenset(label for sense in senses for label in (sense.kind, sense.label))


def _senses(node: Node) -> Iterator[Sense]:
    yield from node.senses
    for child in node.children.values():
        yield from _senses(child)


def _build_trie() -> tuple[Node, dict[str, tuple[str, ...]]]:
    root = Node({}, [])
    words = [(name, read_toml(HERE / name, Words)) for name in FILES]
    bare = {form: how for _, part in words for how in ("guarded", "strict", "written") for form in _folded(part, how)}
    run_on: dict[str, tuple[str, ...]] = {
        key: tuple(map(fold_form, forms)) for _, part in words for key, forms in part.run_on.items()
    }
    for name, part in words:
        for kind, table in structs.asdict(part).items():
            if kind in ("guarded", "strict", "written", "run_on"):
                continue
            for key, forms in table.items():
                for form in forms:
                    label = f"{kind}:{key}" if kind in _LABELLED else kind
                    _add(root, name, Sense(kind, key, label=label), form, bare)
                    if kind in ("unit", "dual", "plural"):
                        _add(root, name, Sense(kind, key, definite=True, label=label), "ال" + form, bare)
    return root, run_on


def _folded(part: Words, how: str) -> list[str]:
    return [" ".join(_tokens(form)) for form in getattr(part, how).get("words", ())]


def _add(root: Node, name: str, sense: Sense, form: str, bare: dict[str, str]) -> None:
    tokens = _tokens(form)
    if not tokens:
        raise LexiconError(f"{name}: {sense.kind}.{sense.key} has an empty form")
    if sense.kind in ("month", "hijri_month"):
        sense = structs.replace(sense, bare=bare.get(" ".join(tokens), ""))
    node = root
    for token in tokens:
        node = node.children.setdefault(token, Node({}, []))
    for other in node.senses:
        if sense.kind not in _SHARING and other.kind == sense.kind and other.key != sense.key:
            raise LexiconError(f"{name}: {sense.kind}: {sense.key} and {other.key} share a form")
    if sense not in node.senses:
        node.senses.append(sense)


def _tokens(form: str) -> list[str]:
    view = normalise(form)
    return [token.folded for token in tokenise(view.text, view.folded)]
