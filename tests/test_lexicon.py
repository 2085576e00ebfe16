"""Data files: read, validated, folded; errors name the file and the key."""

from pathlib import Path

import pytest
from msgspec import Struct

from service.errors import LexiconError
from service.lexicon import folded_index, read_toml, read_tsv, read_words


class Months(Struct, forbid_unknown_fields=True):
    """A table as the extractors have them."""

    months: dict[str, tuple[str, ...]]


def test_a_table_is_read(tmp_path: Path) -> None:
    """TOML into its shape."""
    path = tmp_path / "months.toml"
    path.write_text('[months]\nmay = ["ماي", "مايو"]\n', encoding="utf-8")
    assert Months({"may": ("ماي", "مايو")}) == read_toml(path, Months)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[month]\n", "months.toml: .*`month`"),
        (b"[months]\nmay = 5\n", r"months.toml: .*\$.months\[...\]"),
        (b"[months\n", "months.toml: "),
        (b'[months]\nmay = ["\xff"]\n', "months.toml: "),
    ],
)
def test_a_wrong_table_names_file_and_key(tmp_path: Path, content: bytes, said: str) -> None:
    """A typing error in a data file is found at start and says where it is."""
    path = tmp_path / "months.toml"
    path.write_bytes(content)
    with pytest.raises(LexiconError, match=said):
        read_toml(path, Months)


class Lists(Struct, forbid_unknown_fields=True):
    """Words one after another."""

    titles: frozenset[str]


def test_words_are_folded(tmp_path: Path) -> None:
    """All that a string has, once each."""
    path = tmp_path / "lists.toml"
    path.write_text('titles = """\nرئيس\nوالي أمير\nأمير\n"""\n', encoding="utf-8")
    assert Lists(frozenset({"رءيس", "والي", "امير"})) == read_words(path, Lists)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'title = "a"\n', "lists.toml: .*`title`"),
        (b"", "lists.toml: .*`titles`"),
        (b'titles = ["a"]\n', "lists.toml: Expected `str`"),
    ],
)
def test_wrong_lists_name_file_and_key(tmp_path: Path, content: bytes, said: str) -> None:
    """One that is not known, or lacks; anything but a string."""
    path = tmp_path / "lists.toml"
    path.write_bytes(content)
    with pytest.raises(LexiconError, match=said):
        read_words(path, Lists)


def test_rows_are_read(tmp_path: Path) -> None:
    """TSV rows by column name; quotes are letters like any other."""
    path = tmp_path / "places.tsv"
    path.write_text('name\tid\nتونس\tQ948\nقرية "أ"\t\n', encoding="utf-8")
    assert [{"name": "تونس", "id": "Q948"}, {"name": 'قرية "أ"', "id": ""}] == list(read_tsv(path, ("name", "id")))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name\nتونس\n", "places.tsv: columns are"),
        ("", "places.tsv: columns are"),
        ("name\tid\nتونس\n", "places.tsv: line 2 has 1 fields"),
        ("name\tid\nتونس\tQ948\n\n", "places.tsv: line 3 has 0 fields"),
    ],
)
def test_a_wrong_row_names_its_line(tmp_path: Path, content: str, said: str) -> None:
    """A row of another width, or other columns."""
    path = tmp_path / "places.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match=said):
        list(read_tsv(path, ("name", "id")))


def test_forms_are_folded_into_an_index() -> None:
    """Spelling variants meet in one entry."""
    index = folded_index(Path("months.toml"), {"april": ("أبريل", "إبريل"), "may": ("مايو",)})
    assert {"ابريل": "april", "مايو": "may"} == index


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"may": ("ماي",), "march": ("مَاي",)}, "march and may share a form"),
        ({"may": (" ",)}, "may has an empty form"),
        ({"may": ("\u0640",)}, "may has an empty form"),
    ],
)
def test_forms_that_cannot_be_told_apart_are_refused(table: dict[str, tuple[str, ...]], said: str) -> None:
    """One form under two keys, and a form of which nothing is left."""
    with pytest.raises(LexiconError, match=said):
        folded_index(Path("months.toml"), table)
