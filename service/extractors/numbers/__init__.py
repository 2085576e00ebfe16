"""Numbers: the numerals of a text, read once, and the facts that they state."""

from collections.abc import Callable
from pathlib import Path

from service.extractors.annotations import Found, Numeral, NumericFact
from service.extractors.models import Models
from service.extractors.numbers.numerals import read_numerals
from service.extractors.numbers.words import load_words
from service.text.document import Document

_DATA = Path(__file__).parent


def build_numerals(models: Models) -> Callable[[Document, Found], tuple[Numeral, ...]]:
    """Load the number words and give the function that reads every numeral of a document."""
    index = load_words(_DATA / "number_words.toml")

    def extract(doc: Document, found: Found) -> tuple[Numeral, ...]:
        return read_numerals(doc, index)

    return extract


def build_facts(models: Models) -> Callable[[Document, Found], tuple[NumericFact, ...]]:
    """To be written."""

    def extract(doc: Document, found: Found) -> tuple[NumericFact, ...]:
        return ()

    return extract
