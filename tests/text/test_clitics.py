"""Proclitics of a folded word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.clitics import Cut, cuts, with_proclitics


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("تونس", [Cut(0, "تونس")]),
        ("وتونس", [Cut(0, "وتونس"), Cut(1, "تونس")]),
        ("وبتونس", [Cut(0, "وبتونس"), Cut(1, "بتونس"), Cut(2, "تونس")]),
        ("فلتونس", [Cut(0, "فلتونس"), Cut(1, "لتونس"), Cut(2, "تونس")]),
        ("للقاعده", [Cut(0, "للقاعده"), Cut(1, "القاعده", elided=True), Cut(1, "لقاعده")]),
        ("ولليمن", [Cut(0, "ولليمن"), Cut(1, "لليمن"), Cut(2, "اليمن", elided=True), Cut(2, "ليمن")]),
        ("لبنان", [Cut(0, "لبنان"), Cut(1, "بنان")]),
        ("في", [Cut(0, "في")]),
        ("", [Cut(0, "")]),
    ],
)
def test_cuts_come_shortest_first(word: str, expected: list[Cut]) -> None:
    """Every stack of proclitics that the spelling allows; two letters at least remain."""
    assert expected == list(cuts(word))


@given(st.text(alphabet="وفبلكامن"))
def test_a_cut_leaves_the_rest_of_the_word(word: str) -> None:
    """The rest is what stands after the cut, with its article's alef back where a lam swallowed it."""
    for cut in cuts(word):
        assert word[cut.length :] == (cut.rest[1:] if cut.elided else cut.rest)


@given(st.text(alphabet="وفبلكاحم", max_size=8))
def test_every_way_to_write_a_word_is_cut_back_to_it(word: str) -> None:
    """`with_proclitics` turns `cuts` round, whatever the word."""
    for written, length, elided in with_proclitics(word):
        assert Cut(length, word, elided) in cuts(written)
    for cut in cuts(word):
        assert (word, cut.length, cut.elided) in with_proclitics(cut.rest)
