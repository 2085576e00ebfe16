"""The extractors, in the order in which they run. Adding one is adding it to this tuple."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from service.extractors.annotations import Found
from service.extractors.dates import build_dates
from service.extractors.entities import build_entities
from service.extractors.models import Models
from service.extractors.numbers import build_facts, build_numerals
from service.extractors.stance import build_stance
from service.extractors.statements import build_statements
from service.text.document import Document

Extract = Callable[[Document, Found], tuple[Any, ...]]


class Extractor(Struct, frozen=True):
    """A section of `Found`, the sections that it reads, and what builds its function once, at start."""

    section: str
    needs: tuple[str, ...]
    build: Callable[[Models], Extract]


EXTRACTORS = (
    Extractor("numerals", (), build_numerals),
    Extractor("dates", ("numerals",), build_dates),
    Extractor("numeric_facts", ("numerals", "dates"), build_facts),
    Extractor("entities", (), build_entities),
    Extractor("stance", ("entities",), build_stance),
    Extractor("statements", ("entities",), build_statements),
)
