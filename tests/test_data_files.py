"""The lexicons, as their authors must write them: what no loader checks, since each file has a shape of its own."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.text.normalise import fold_form

SERVICE = Path(__file__).parents[1] / "service"
FILES = sorted(path for suffix in ("toml", "tsv") for path in SERVICE.rglob(f"*.{suffix}"))

# Arabic as a newspaper writes it: its letters and marks, those of foreign sounds (پ چ ژ ڤ ڨ ڭ گ), the tatweel of a lone
# proclitic. Persian ی and ک, presentation forms, bidi marks and hard spaces look alike and are not. Symbols are free.
ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
OURS = re.compile("[ء-غـف-ي\u064b-\u0652پچژڤڨڭگ]")

Forms = tuple[str, list[str]]


def groups(path: Path) -> Iterator[Forms]:
    """Every place of a file that lists forms: its name, and the forms."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".toml":
        yield from _toml_groups(path.name, tomllib.loads(text))
        return
    header, *rows = (line.split("\t") for line in text.splitlines())
    for number, row in enumerate(rows, start=2):
        for column, cell in zip(header, row, strict=True):
            if cell:
                yield f"{path.name}:{number} {column}", cell.split("|")


def _toml_groups(place: str, value: Any) -> Iterator[Forms]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{place} {key}", [key]
            yield from _toml_groups(f"{place} {key}", inner)
    elif isinstance(value, list):
        yield place, [item for item in value if isinstance(item, str)]
        for number, item in enumerate(value):
            if not isinstance(item, str):
                yield from _toml_groups(f"{place}[{number}]", item)
    elif isinstance(value, str):
        yield place, value.split() if "\n" in value else [value]


def every_file(test: Any) -> Any:
    """Run a test over every data file."""
    return pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SERVICE)))(test)


def test_there_are_data_files() -> None:
    """An empty list would pass everything below."""
    assert {".toml", ".tsv"} == {path.suffix for path in FILES}


@every_file
def test_no_form_is_written_twice(path: Path) -> None:
    """Within one list: spelling variants fold together, so that listing them changes nothing."""
    twice = [
        f"{place}: {form}"
        for place, forms in groups(path)
        for form, count in Counter(map(fold_form, forms)).items()
        if count > 1
    ]
    assert [] == twice


@every_file
def test_no_form_is_empty_or_padded(path: Path) -> None:
    """A form of which nothing is left after normalising would match everywhere or nowhere."""
    wrong = [
        f"{place}: {form!r}"
        for place, forms in groups(path)
        for form in forms
        if form != form.strip() or "  " in form or not fold_form(form)
    ]
    assert [] == wrong


@every_file
def test_arabic_has_no_foreign_code_points(path: Path) -> None:
    """Folding would mend most of them, but whoever searches the file would not find them."""
    wrong = [
        f"{place}: {form} has U+{ord(char):04X}"
        for place, forms in groups(path)
        for form in forms
        if ARABIC.search(form)
        for char in form
        if unicodedata.category(char)[0] in "LMNCZ" and not (char.isascii() or OURS.match(char))
    ]
    assert [] == wrong


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".tsv"], ids=lambda path: path.name)
def test_every_row_is_as_wide_as_its_header(path: Path) -> None:
    """A row that lost a tab would put its cells under the wrong names."""
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    columns = header.count("\t")
    assert [] == [number for number, row in enumerate(rows, start=2) if row.count("\t") != columns]
