"""Reads, validates and folds the data files that lie beside the extractors."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from service.errors import LexiconError
from service.text.normalise import fold_form

T = TypeVar("T")


def read_toml(path: Path, shape: type[T]) -> T:
    """A TOML file as `shape`, a Struct with `forbid_unknown_fields`: a typing error names the file and the key."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path.name}: {error}") from error


def read_words(path: Path, shape: type[T]) -> T:
    """A TOML file of strings as `shape`, a Struct of `frozenset[str]`: the words of each string, folded."""
    lists = {name: frozenset(fold_form(words).split()) for name, words in read_toml(path, dict[str, str]).items()}
    try:
        return msgspec.convert(lists, shape)
    except msgspec.ValidationError as error:
        raise LexiconError(f"{path.name}: {error}") from error


def read_tsv(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The rows of a TSV file whose first line is exactly `columns`; a row of another width is an error."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        header = tuple(next(rows, []))
        if header != columns:
            raise LexiconError(f"{path.name}: columns are {header}, not {columns}")
        for number, row in enumerate(rows, start=2):
            if len(row) != len(columns):
                raise LexiconError(f"{path.name}: line {number} has {len(row)} fields, not {len(columns)}")
            yield dict(zip(columns, row, strict=True))


def folded_index(path: Path, table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """From every form, folded, to its key. An empty form, or one form under two keys, is an error."""
    index: dict[str, str] = {}
    for key, forms in table.items():
        for form in forms:
            folded = fold_form(form)
            if not folded.strip():
                raise LexiconError(f"{path.name}: {key} has an empty form")
            if index.setdefault(folded, key) != key:
                raise LexiconError(f"{path.name}: {key} and {index[folded]} share a form")
    return index
