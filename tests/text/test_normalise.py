"""The normalised view and its map."""

import unicodedata
from itertools import pairwise

import pytest
from camel_tools.utils.normalize import normalize_alef_ar, normalize_alef_maksura_ar, normalize_teh_marbuta_ar
from hypothesis import given
from hypothesis import strategies as st

from service.text.normalise import View, fold, fold_form, normalise

# What Arabic text is made of and everything that goes wrong in it, so that random text meets the odd cases often.
ARABIC = st.text(
    alphabet=st.one_of(
        st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآؤئةى"),
        st.sampled_from("\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670\u0640\u0653\u0654\u0655\u0610\u06d6"),
        st.sampled_from("\u200b\u200c\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2069\ufeff\u00ad"),
        st.sampled_from("\ufefb\ufef7\ufdf2\ufdfa\ufdfc\ufe8d\ufe70\ufe71\ufc5e٠١٢٣۴۵۶٪٫٬ۀکیﻻﷲ"),
        st.sampled_from(" \n\r\t\u00a0\u2028\u3000.،؛؟!«»\"'()-–…½²℃"),
        st.sampled_from("e\u0301\u0323ᄀ\u1161\u11a8ｶﾞ\U0001f468\u200d\U0001f469🇹🇳\u0f71\u0f72\u09c7\u09be"),
        st.characters(exclude_categories=["Cs"]),
    )
)


def _ranges(view: View) -> list[tuple[int, int]]:
    """The raw range of every character of a view."""
    return [view.to_raw(place, place + 1) for place in range(len(view.text))]


@given(ARABIC)
def test_the_map_is_total_and_monotone(raw: str) -> None:
    """Every character of the view has a raw stretch, in order, inside the text."""
    view = normalise(raw)
    ranges = _ranges(view)
    assert len(view.text) == len(view.folded)
    assert [start for start, _ in ranges] == sorted(start for start, _ in ranges)
    assert [end for _, end in ranges] == sorted(end for _, end in ranges)
    assert all(0 <= start < end <= len(raw) for start, end in ranges)


@given(ARABIC, st.data())
def test_the_way_back_holds_every_character_that_the_range_made(raw: str, data: st.DataObject) -> None:
    """The view's characters from a raw range are those whose own range meets it."""
    view = normalise(raw)
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, len(raw)))
    first, last = view.from_raw(start, end)
    ranges = _ranges(view)
    assert [place for place, (low, high) in enumerate(ranges) if low < end and high > start] == list(range(first, last))


@given(ARABIC)
def test_folding_does_what_camel_tools_does(text: str) -> None:
    """Alef, alef maqsura and teh marbuta as CAMeL's normalisers fold them."""
    expected = normalize_teh_marbuta_ar(normalize_alef_maksura_ar(normalize_alef_ar(text)))
    assert expected.translate(str.maketrans("ؤئ", "ءء")) == fold(text)


@given(ARABIC)
def test_normalising_twice_changes_nothing(raw: str) -> None:
    """The view is a fixed point, and so is its folded form."""
    view = normalise(raw)
    assert normalise(view.text).text == view.text
    assert fold(view.folded) == view.folded == fold(view.text)


@given(ARABIC)
def test_characters_of_different_stretches_do_not_share_raw_text(raw: str) -> None:
    """Two characters of the view come from the same cluster or from disjoint ones."""
    view = normalise(raw)
    clusters = sorted(set(_ranges(view)))
    assert all(before[1] <= after[0] for before, after in pairwise(clusters))


@given(ARABIC, st.data())
def test_the_map_goes_both_ways(raw: str, data: st.DataObject) -> None:
    """A view's range, taken to the raw text and back, holds what it held."""
    view = normalise(raw)
    if view.text:
        start = data.draw(st.integers(0, len(view.text) - 1))
        end = data.draw(st.integers(start + 1, len(view.text)))
        first, last = view.from_raw(*view.to_raw(start, end))
        assert first <= start
        assert last >= end


@given(ARABIC)
def test_a_stretch_never_leaves_a_mark_behind(raw: str) -> None:
    """What follows a letter's stretch is not a mark on that letter."""
    view = normalise(raw)
    for index, (_, end) in enumerate(_ranges(view)):
        if end < len(raw) and view.text[index].isalpha():
            assert unicodedata.combining(raw[end]) == 0


@pytest.mark.parametrize(
    ("raw", "text", "folded"),
    [
        ("مُحَمَّدٌ", "محمد", "محمد"),
        ("كـــتاب", "كتاب", "كتاب"),
        ("١٤٤٦هـ", "1446ه", "1446ه"),
        ("۲۰۲۵", "2025", "2025"),
        ("٥٫١٪", "5٫1%", "5٫1%"),
        ("ﻷول", "لأول", "لاول"),
        ("ا\u0654حمد", "أحمد", "احمد"),
        ("إسطنبول", "إسطنبول", "اسطنبول"),
        ("مستشفى", "مستشفى", "مستشفي"),
        ("وزارة", "وزارة", "وزاره"),
        ("مسؤول ومسئول", "مسؤول ومسئول", "مسءول ومسءول"),
        ("کیف", "كيف", "كيف"),
        ("\u200fتونس\u200e", "تونس", "تونس"),
        ("م²", "م2", "م2"),
        ("100\u00a0كلم", "100 كلم", "100 كلم"),
        ("سطر\r\nآخر", "سطر\nآخر", "سطر\nاخر"),
        ("ﷲ", "الله", "الله"),
        ("100﷼", "100ريال", "100ريال"),
    ],
)
def test_typing_habits_are_read_alike(raw: str, text: str, folded: str) -> None:
    """Diacritics, tatweel, presentation forms, digit scripts and letter variants."""
    view = normalise(raw)
    assert (text, folded) == (view.text, view.folded)


@pytest.mark.parametrize(
    ("raw", "word", "expected"),
    [
        ("في تُونِسَ اليوم", "تونس", "تُونِسَ"),
        ("سنة 1446هـ وما", "1446ه", "1446هـ"),
        ("\u202bتونس\u202c", "تونس", "تونس"),
        ("باﻷردن", "اردن", "ﻷردن"),
        ("بيـــروت", "بيروت", "بيـــروت"),
    ],
)
def test_a_span_takes_whole_letters(raw: str, word: str, expected: str) -> None:
    """Marks and tatweel go with their letter, invisible characters do not, a ligature stays whole."""
    view = normalise(raw)
    at = view.folded.index(word)
    start, end = view.to_raw(at, at + len(word))
    assert expected == raw[start:end]


def test_forms_of_a_lexicon_fold_as_text_does() -> None:
    """A form in natural spelling meets the text however either was typed."""
    assert fold_form("إِسْطَنْبُول") == normalise("اسطنبول").folded


def test_the_view_is_linear_in_the_text() -> None:
    """Clusters of a thousand marks cost what they weigh: one visit to each raw character."""
    view = normalise("ب" + "\u064e" * 50_000 + "\u200f" * 50_000 + "ا")
    assert view.text == "با"
    assert (view.start_of(1), view.end_of(0)) == (100_001, 50_001)
