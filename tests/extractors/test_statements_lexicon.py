"""The statements lexicon: every verb in all its forms, and no word twice."""

from collections import Counter
from pathlib import Path

import pytest
from msgspec import structs

import service.extractors.statements as package
from service.errors import LexiconError
from service.extractors.statements.cues import find_cues, load_forms
from service.extractors.statements.words import load_words
from service.lexicon import read_toml
from service.text.document import read
from service.text.normalise import fold_form
from tests.extractors.test_statements import ACTS, REFERENCE

FOLDER = Path(package.__file__).parent
FORMS = load_forms(FOLDER / "verbs.toml")


@pytest.mark.parametrize(
    ("past", "forms"),
    [
        ("قال", "قال قالت قالوا قالا قالتا يقول تقول يقولون يقولان قائلا قائلة قائلين قوله قولها"),
        ("دعا", "دعا دعت دعوا دعوا دعاه دعته يدعو تدعو يدعون يدعوان داعيا داعية داعين دعوة دعوته"),
        ("نفى", "نفى نفت نفوا نفيا نفاه ينفي تنفي ينفون ينفيان نافيا نافية نافين نفيه"),
        ("رأى", "رأى رأت رأوا يرى ترى يرون"),
        ("أعلن", "أعلن أعلنت أعلنوا أعلنته أعلنه يعلن تعلن يعلنون معلنا معلنة معلنين معلنتين إعلان إعلانه"),
    ],
)
def test_verbs_in_all_their_forms(past: str, forms: str) -> None:
    """Sound and weak verbs are known in both tenses, genders and numbers, with pronouns, as participle and noun."""
    for form in forms.split():
        assert past in {known.verb.past for known in FORMS[fold_form(form)]}, form


def test_every_act_has_a_verb() -> None:
    """The ten acts of the contract all occur, and no other."""
    assert ACTS == {form.verb.act for forms in FORMS.values() for form in forms}


@pytest.mark.parametrize(
    ("text", "cue"),
    [("وقال", "قال"), ("فأكدت", "أكدت"), ("بتأكيده", "تأكيده"), ("سيعلن", None), ("وبقوله", "قوله"), ("إضافة", None)],
)
def test_proclitics_stand_outside_a_cue(text: str, cue: str | None) -> None:
    """Conjunctions are read off verbs, prepositions off nouns alone; a future is no report, nor is ة a pronoun."""
    doc = read(text, REFERENCE)
    found = [doc.text[one.start : one.end] for one in find_cues(doc, FORMS).values()]

    assert ([cue] if cue else []) == found


def test_no_verb_and_no_word_stands_twice() -> None:
    """Within one table every form is its own after folding, non-empty, and in Arabic letters."""
    verbs = Counter(form.verb.past for forms in FORMS.values() for form in forms)
    assert len({fold_form(past) for past in verbs}) == len(verbs)
    words = load_words(FOLDER / "words.toml")
    for table, folded in structs.asdict(words).items():
        assert folded, table
        assert all(form.strip() and set(form) <= set(" ابتثجحخدذرزسشصضطظعغفقكلمنهويء") for form in folded), table


def test_word_list_holds_no_form_twice() -> None:
    """What folds to one form is listed once."""
    raw = read_toml(FOLDER / "words.toml", dict[str, tuple[str, ...]])
    for table, forms in raw.items():
        folded = Counter(fold_form(form) for form in forms)
        assert [] == [form for form, count in folded.items() if count > 1], table


def test_typing_error_names_its_file(tmp_path: Path) -> None:
    """An unknown key in the verbs stops the start with the file and the key."""
    path = tmp_path / "verbs.toml"
    path.write_text('[[verb]]\npast = "قال"\nact = "asserts"\ntake = ["أن"]\n', encoding="utf-8")

    with pytest.raises(LexiconError, match=r"verbs\.toml: .*take"):
        load_forms(path)
