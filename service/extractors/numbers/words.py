"""Number words: what each word of a text can mean in a number, looked up once a token."""

from bisect import bisect_left
from pathlib import Path
from typing import Literal

from msgspec import Struct

from service.errors import LexiconError
from service.lexicon import read_toml
from service.text.clitics import with_proclitics
from service.text.document import Document
from service.text.normalise import fold_form
from service.text.segment import Token

Kind = Literal[
    "cardinal",
    "bound",
    "scale",
    "scale_alef",
    "scale_dual",
    "scale_plural",
    "ordinal",
    "bound_ordinal",
    "fraction",
    "joined_fraction",
    "fraction_dual",
    "fraction_plural",
    "few",
    "negative",
    "point",
]
Forms = dict[str, tuple[str, ...]]


class Others(Struct, frozen=True, forbid_unknown_fields=True):
    """Words that have no value of their own."""

    ten: tuple[str, ...]
    few: tuple[str, ...]
    negative: tuple[str, ...]
    point: tuple[str, ...]
    share: tuple[str, ...]
    year: tuple[str, ...]


class NumberWords(Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of `number_words.toml`: tables from a value to its forms."""

    cardinals: Forms
    bound: Forms
    scales: Forms
    scales_with_alef: Forms
    scale_duals: Forms
    scale_plurals: Forms
    ordinals: Forms
    bound_ordinals: Forms
    fractions: Forms
    joined_fractions: Forms
    fraction_duals: Forms
    fraction_plurals: Forms
    other: Others


class Word(Struct, frozen=True, gc=False):
    """A form's meaning. `value` is a number, a scale, or a fraction's denominator; 0 where there is none."""

    kind: Kind
    value: int


class Atom(Struct, frozen=True, gc=False):
    """A token read as a number word: past `cut` characters of proclitics, `joined` where these are just «و»."""

    kind: Kind
    value: int
    cut: int
    definite: bool
    joined: bool


class WordIndex(Struct, frozen=True):
    """Folded forms, without article and proclitics, to their meaning."""

    readings: dict[str, Atom]  # every way to write a form, with its article and proclitics
    tens: frozenset[str]  # «عشر», the second word of 11 to 19
    shares: frozenset[str]  # «خمس»: five, and a fifth
    years: frozenset[str]  # after these four digits are a year, whatever follows

    def atoms(self, doc: Document) -> list[Atom | None]:
        """One reading per token, None where it is no number word."""
        readings = self.readings
        atoms = [readings.get(token.folded) for token in doc.tokens]
        for at, atom in enumerate(atoms):
            if atom is not None:
                atoms[at] = _as_typed(atom, doc.tokens[at])
        return atoms


def _as_typed(atom: Atom, token: Token) -> Atom | None:
    """A reading of a folded word, unless the letters that folding lost tell another."""
    folded, text = token.folded, token.text
    if text == "وأحد":  # folds like «واحد»
        return Atom("bound", 1, 1, False, True)
    # «أولي» (preliminary) folds like «أولى» (first); «لست» is «I am not».
    if (folded.endswith("اولي") and text[-1] != "ى") or (folded.endswith("لست") and len(folded) < 5):
        return None
    return atom


def _readings(words: dict[str, Word]) -> dict[str, Atom]:
    """What every way to write a form can mean: the shortest proclitics first, then without the article."""
    best: dict[str, tuple[tuple[int, bool, bool], Word]] = {}
    for form, word in words.items():
        for definite in (False, True):
            for written, length, elided in with_proclitics("ال" + form if definite else form):
                if length and not definite and form[:2] == "مي" and written[length - 1] == "ك":
                    continue  # «كمية» is an amount
                rank = length, not elided, definite
                if written not in best or rank < best[written][0]:
                    best[written] = rank, word
    return {
        written: Atom(word.kind, word.value, length, definite, length == 1 and written[0] == "و")
        for written, ((length, _, definite), word) in best.items()
    }


def line_openings(doc: Document) -> set[int]:
    """The first token of the text, and every one that follows a line's end."""
    openings, at = {0}, doc.text.find("\n")
    while at >= 0:
        openings.add(bisect_left(doc.tokens, at, key=lambda token: token.start))
        at = doc.text.find("\n", at + 1)
    return openings


def load_words(path: Path) -> WordIndex:
    """Read and index the number words; one form with two meanings is an error."""
    table = read_toml(path, NumberWords)
    kinds: tuple[tuple[Kind, Forms], ...] = (
        ("cardinal", table.cardinals),
        ("bound", table.bound),
        ("scale", table.scales),
        ("scale_alef", table.scales_with_alef),
        ("scale_dual", table.scale_duals),
        ("scale_plural", table.scale_plurals),
        ("ordinal", table.ordinals),
        ("bound_ordinal", table.bound_ordinals),
        ("fraction", table.fractions),
        ("joined_fraction", table.joined_fractions),
        ("fraction_dual", table.fraction_duals),
        ("fraction_plural", table.fraction_plurals),
        ("few", {"0": table.other.few}),
        ("negative", {"0": table.other.negative}),
        ("point", {"0": table.other.point}),
    )
    words: dict[str, Word] = {}
    for kind, forms_of in kinds:
        for key, forms in forms_of.items():
            for form in forms:
                word = Word(kind, int(key))
                if words.setdefault(fold_form(form), word) != word:
                    raise LexiconError(f"{path.name}: a form of {kind} {key} has another meaning too")
    return WordIndex(
        _readings(words),
        *(frozenset(map(fold_form, forms)) for forms in (table.other.ten, table.other.share, table.other.year)),
    )
