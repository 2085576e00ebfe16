"""Numbers: the numerals of a text, read once, and the facts that they state."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from service.extractors.annotations import Found, Numeral, NumericFact
from service.extractors.models import Models
from service.extractors.numbers.facts import read_facts
from service.extractors.numbers.modifiers import load_modifiers
from service.extractors.numbers.money import load_money
from service.extractors.numbers.nouns import load_vocabulary
from service.extractors.numbers.numerals import read_numerals
from service.extractors.numbers.phrases import Phrases
from service.extractors.numbers.refusals import Refusals
from service.extractors.numbers.scene import Grammar
from service.extractors.numbers.twos import dual_forms
from service.extractors.numbers.units import load_units
from service.extractors.numbers.words import load_words
from service.lexicon import read_toml, read_words
from service.text.document import Document

T = TypeVar("T")

_DATA = Path(__file__).parent


class ShortPhrases(Struct, frozen=True, forbid_unknown_fields=True):
    """Phrases without a value of their own."""

    totals: tuple[str, ...]
    rates: tuple[str, ...]


class GrammarTable(Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of `grammar.toml`."""

    percents: dict[str, tuple[str, ...]]
    phrases: ShortPhrases


def build_numerals(models: Models) -> Callable[[Document, Found], tuple[Numeral, ...]]:
    """Load the number words and give the function that reads every numeral of a document."""
    index = load_words(_DATA / "number_words.toml")

    def extract(doc: Document, found: Found) -> tuple[Numeral, ...]:
        return read_numerals(doc, index)

    return extract


def build_facts(models: Models) -> Callable[[Document, Found], tuple[NumericFact, ...]]:
    """Load the lexicons and give the function that finds the facts among the numerals that dates leave."""
    table = read_toml(_DATA / "grammar.toml", GrammarTable)
    vocabulary = load_vocabulary(_DATA / "phrase.toml", _DATA / "duals.toml")
    units, money = load_units(_DATA / "units.toml"), load_money(_DATA / "currencies.toml")
    grammar = Grammar(
        duals=dual_forms(vocabulary, units, money),
        vocabulary=vocabulary,
        units=units,
        money=money,
        modifiers=load_modifiers(_DATA / "modifiers.toml"),
        refusals=read_words(_DATA / "refusals.toml", Refusals),
        percents=_phrases((form, unit) for unit, forms in table.percents.items() for form in forms),
        totals=_phrases((form, True) for form in table.phrases.totals),
        rates=_phrases((form, True) for form in table.phrases.rates),
    )

    def extract(doc: Document, found: Found) -> tuple[NumericFact, ...]:
        return read_facts(doc, found, grammar)

    return extract


def _phrases(pairs: Iterable[tuple[str, T]]) -> Phrases[T]:
    phrases: Phrases[T] = Phrases()
    for form, meaning in pairs:
        phrases.add(form, meaning)
    return phrases
