"""Known names: the tables beside this file.

A form of a table is a name as a newspaper writes it. `?` before it says that it is also a common word or another
thing's name and wants a cue, `~` that things of other countries are called so too: it links only where the text speaks
of the row's country; `صحيفة > الأهرام` says that the words before `>` must stand there and are no part of it,
`الهلال < السعودي` says so of those after `<`.
"""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from service.errors import LexiconError
from service.extractors.entities.matcher import Matcher, join_tokens
from service.lexicon import read_tsv
from service.text.document import Document

HERE = Path(__file__).parent
COLUMNS = ("name", "type", "wikidata", "country", "aliases")
COUNTRY_COLUMNS = ("name", "wikidata", "country", "aliases", "adjectives", "peoples")
TABLES = ("places.tsv", "organizations.tsv", "media.tsv", "companies.tsv", "clubs.tsv", "people.tsv", "others.tsv")
TYPES = frozenset({"PERSON", "LOCATION", "ORGANIZATION", "EVENT", "PRODUCT"})
_LONG_ENOUGH = 6


class Row(Struct, frozen=True, gc=False):
    """One thing in the world. `key` is its place in the gazetteer, the same at every start."""

    key: int
    name: str
    type: str
    wikidata: str | None
    country: str | None
    table: str  # the file that lists it

    @property
    def is_country(self) -> bool:
        """Whether it is a country or a territory."""
        return self.table == "countries.tsv"


class Form(Struct, frozen=True, gc=False):
    """One way to write a row's name, after `lead` tokens and before `tail` ones that are no part of it."""

    row: Row
    unsure: bool
    shared: bool
    lead: int
    tail: int


class Hit(Struct, frozen=True, gc=False):
    """A known name at view offsets `[start:end]`, over tokens `[first:last]`; `elided`: its article lost its alef."""

    start: int
    end: int
    first: int
    last: int
    form: Form
    elided: bool


class Gazetteer(Struct, frozen=True):
    """All rows, every written form of them, and the matcher of those forms."""

    rows: tuple[Row, ...]
    forms: dict[str, tuple[Form, ...]]
    matcher: Matcher[tuple[Form, ...]]

    def find(self, doc: Document) -> Iterator[Hit]:
        """Every reading of every known name in a document, longer and shorter ones alike."""
        for match in self.matcher.find(doc):
            for form in match.value:
                first, last = match.first + form.lead, match.last - form.tail
                start = doc.tokens[first].start if form.lead else match.start
                yield Hit(start, doc.tokens[last - 1].end, first, last, form, match.elided and not form.lead)


def load_gazetteer() -> Gazetteer:
    """Read every table and build the matcher."""
    rows: list[Row] = []
    forms: dict[str, list[Form]] = {}
    for table, fields in _all_fields():
        name = _parts(fields["name"])[1]
        row = Row(len(rows), name, fields["type"], fields["wikidata"] or None, fields["country"] or None, table)
        if row.type not in TYPES:
            raise LexiconError(f"{table}: {name} has the unknown type {row.type}")
        rows.append(row)
        for written in (fields["name"], *filter(None, fields["aliases"].split("|"))):
            lead, bare, tail = _parts(written)
            if not join_tokens(bare):
                raise LexiconError(f"{table}: {name} has an empty form")
            readings = forms.setdefault(join_tokens(f"{lead} {bare} {tail}"), [])
            if any(reading.row is row for reading in readings):
                raise LexiconError(f"{table}: {name} has a form twice")
            readings.append(Form(row, written[0] == "?", written[0] == "~", len(lead.split()), len(tail.split())))
    for form, readings in tuple(forms.items()):
        forms.setdefault(_with_jim(form), readings)
    frozen = {form: tuple(readings) for form, readings in forms.items()}
    return Gazetteer(tuple(rows), frozen, Matcher(frozen))


def country_fields() -> Iterator[dict[str, str]]:
    """The rows of the countries' table, with their adjectives and peoples."""
    return read_tsv(HERE / "countries.tsv", COUNTRY_COLUMNS)


def _with_jim(form: str) -> str:
    """A foreign name as Egyptian papers write it, ج for غ: «بلجراد». Arabic words and short ones keep their غ."""
    jim = " ".join(word if word.startswith("ال") else word.replace("غ", "ج") for word in form.split())
    return jim if len(jim) >= _LONG_ENOUGH else form


def _parts(written: str) -> tuple[str, str, str]:
    """A form's words before its name, its name, and the words after it."""
    lead, _, rest = written.lstrip("?~").rpartition(" > ")
    bare, _, tail = rest.partition(" < ")
    return lead, bare, tail


def _all_fields() -> Iterator[tuple[str, dict[str, str]]]:
    for fields in country_fields():
        yield "countries.tsv", {**fields, "type": "LOCATION"}
    for table in TABLES:
        for fields in read_tsv(HERE / table, COLUMNS):
            yield table, fields
