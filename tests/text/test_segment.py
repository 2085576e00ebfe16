"""Tokens and sentences."""

from itertools import pairwise

import pytest
from camel_tools.tokenizers.word import simple_word_tokenize
from hypothesis import given
from hypothesis import strategies as st

from service.text.normalise import normalise
from service.text.segment import Sentence, split_sentences, tokenise

TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from("ابتسعلمنهوي 0123456789abcXY.,:;!?()[]/\"'«»،؛؟%-_#*@+=\n"),
        st.characters(exclude_categories=["Cs"]),
    )
)


def _sentences(raw: str) -> list[str]:
    view = normalise(raw)
    return [view.text[s.start : s.end] for s in split_sentences(view.text, tokenise(view.text, view.folded))]


@given(TEXT)
def test_tokens_are_those_of_camel_tools(raw: str) -> None:
    """The short cut for ordinary characters changes nothing, and every token stands where it says."""
    view = normalise(raw)
    tokens = tokenise(view.text, view.folded)
    assert simple_word_tokenize(view.text, split_digits=True) == [token.text for token in tokens]
    assert all(view.text[t.start : t.end] == t.text and view.folded[t.start : t.end] == t.folded for t in tokens)
    assert all(before.end <= after.start for before, after in pairwise(tokens))


@given(TEXT)
def test_sentences_hold_every_token_once(raw: str) -> None:
    """Sentences cut the tokens without gap or overlap."""
    view = normalise(raw)
    tokens = tokenise(view.text, view.folded)
    held: list[int] = []
    for sentence in split_sentences(view.text, tokens):
        first, last = sentence.first, sentence.last
        assert Sentence(tokens[first].start, tokens[last - 1].end, first, last) == sentence
        held.extend(range(sentence.first, sentence.last))
    assert list(range(len(tokens))) == held


@pytest.mark.parametrize(
    "parts",
    [
        ["وصل الوفد إلى الرباط.", "وغادر مساء."],
        ["هل حضر الوزير؟", "لم يحضر!", "وانتهى الأمر."],
        ["بلغ النمو 3.5 في المائة.", "وتراجع التضخم إلى 2,1%."],
        ["قال الناطق: \"انتهت العملية.\"", "ثم غادر القاعة."],
        ["أعلن ذلك «بكل وضوح.»", "وأضاف أن الملف أغلق."],
        ["نقلت أ. ف. ب. عن مصدر أن الهدنة صمدت.", "ولم تعلق الحكومة."],
        ["نقلت أ.ف.ب الخبر.", "ونفته الوزارة."],
        ["صدر عن د. سليم العياري كتاب جديد.", "يقع في 300 صفحة."],
        ["راجع الموقع www.example.tn لمزيد التفاصيل.", "أو اتصل بنا."],
        ["تأجلت المباراة؛", "ولم يحدد موعد جديد."],
        ["انتظروا...", "ثم رحلوا."],
        ["عنوان الخبر", "متن الخبر في سطر آخر."],
        ["1. فتح المعبر", "2. تبادل الأسرى", "- سحب القوات"],
        ["قال إنه \"غادر.", "ولم يعد\" ثم صمت."],
        ["توفي سنة 450 م. في بغداد."],
        ["انتهى الاجتماع.", "وواصل الوفدان العمل."],
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_ends_them(parts: list[str]) -> None:
    """Never inside a number, an abbreviation, an address or a quotation; always at a line end."""
    glue = " " if parts[0].endswith((".", "؟", "!", "؛", '"', "»")) else "\n"
    assert parts == _sentences(glue.join(parts))


def test_a_full_stop_without_a_space_ends_a_sentence() -> None:
    """Articles copied from the web lose the space after the full stop."""
    assert ["انتهى الاجتماع.", "وواصل الوفد عمله"] == _sentences("انتهى الاجتماع.وواصل الوفد عمله")


def test_blank_text_has_no_sentence() -> None:
    """Spaces and line ends alone are nothing."""
    assert [] == _sentences(" \n \u200f \n")


def test_an_article_is_never_one_sentence() -> None:
    """A text without any punctuation is still cut, at a length that models and evidence can bear."""
    assert len(_sentences("كلمة " * 1000)) > 1
