"""Reporting verbs and nouns in all their forms, found on folded tokens."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from service.lexicon import read_toml
from service.text.clitics import cuts
from service.text.document import Document
from service.text.normalise import fold_form

Mood = Literal["past", "present", "participle", "noun"]
Gender = Literal["m", "f", ""]
Takes = Literal[
    "أن", "quote", "object", "described", "asked", "attitude", "مسؤولية", "ب", "إلى", "على", "عن", "من", "ل"
]
Act = Literal["asserts", "asks", "demands", "denies", "supports", "condemns", "accuses", "warns", "promises", "expects"]

_PROCLITICS = frozenset("وفبلك")
_PRONOUNS = ("ه", "ها", "هم", "هما")
_TOLD = "نا"  # «أفادنا به»
_BEFORE_SOURCE = frozenset(("في", "فيه", "فيها", "ذلك", "هذا", "علي", "عن", "ان"))  # after «ورد»


class Verb(Struct, frozen=True, forbid_unknown_fields=True):
    """A row of verbs.toml; its head says what the fields mean."""

    past: str
    act: Act
    takes: tuple[Takes, ...]
    present: str = ""
    participle: str = ""
    nouns: tuple[str, ...] = ()
    addressee: bool = False
    common: bool = False
    source: str = ""
    expresses: bool = False
    impersonal: bool = False
    narrated: bool = False


class Form(Struct, frozen=True):
    """One written form of a verb. `gender` is empty where the form has none; `many` for dual and plural."""

    verb: Verb
    mood: Mood
    gender: Gender = ""
    many: bool = False
    pronoun: bool = False  # an object pronoun, or a possessor, is attached

    @property
    def finite(self) -> bool:
        """Whether it is a conjugated verb."""
        return self.mood in {"past", "present"}


class Cue(Struct, frozen=True):
    """A form at token `index`; its view offsets leave out the proclitics."""

    index: int
    start: int
    end: int
    form: Form
    joined: bool  # و or ف stands before it
    prefixed: bool = False  # ب, ل or ك stands before it


class _Verbs(Struct, forbid_unknown_fields=True):
    verb: tuple[Verb, ...]


Forms = dict[str, tuple[Form, ...]]  # by folded form, the likeliest first


def load_forms(path: Path) -> Forms:
    """Every form of every verb, folded. Where two coincide the earlier row comes first, and a verb before a noun."""
    verbs = read_toml(path, _Verbs).verb
    forms: Forms = {}
    for nominal in (False, True):
        for verb in verbs:
            for written, form in _nominal(verb) if nominal else _conjugate(verb):
                folded = fold_form(written)
                forms[folded] = (*forms.get(folded, ()), form)
    return forms


def find_cues(doc: Document, forms: Forms) -> dict[int, Cue]:
    """The reporting forms of a document, by token."""
    found: dict[int, Cue] = {}
    for index, token in enumerate(doc.tokens):
        if token.folded not in forms and token.folded[0] not in _PROCLITICS:
            continue
        for cut in cuts(token.folded):
            clitics = token.folded[: cut.length]
            prefixed = clitics.strip("وف") != ""
            fitting = (form for form in forms.get(cut.rest, ()) if _fits(form, token.text, prefixed))
            form = None if cut.elided else next(fitting, None)
            if form is not None and not clitics and form.verb.source and _is_rather_joined(doc, index, forms):
                continue
            if form is not None:
                joined = clitics[:1] in {"و", "ف"}
                found[index] = Cue(index, token.start + cut.length, token.end, form, joined, prefixed)
                break
    return found


def _is_rather_joined(doc: Document, index: int, forms: Forms) -> bool:
    """Whether «ورد» is «و» and «رد»: where a source is to come, its preposition or «ذلك» follows."""
    word = doc.tokens[index].folded
    following = doc.tokens[index + 1].folded if index + 1 < len(doc.tokens) else ""
    return word[0] == "و" and word[1:] in forms and following not in _BEFORE_SOURCE


def _fits(form: Form, text: str, prefixed: bool) -> bool:
    """Whether a form can be written so: prepositions stand before nouns alone, a pronoun is no ة, a verb has no إ."""
    if prefixed and form.mood != "noun":
        return False
    return not (form.pronoun and text.endswith("ة")) and not (form.finite and text.lstrip("وف").startswith("إ"))


def _conjugate(verb: Verb) -> Iterator[tuple[str, Form]]:
    """Both tenses, third person, with and without an object pronoun (weak last radicals keep the textbook's rules)."""
    for tense, gender, many, written in (*_past(verb.past), *_present(verb.present)):
        yield written, Form(verb, tense, gender, many)
        bare = written.removesuffix("ا") if written.endswith("وا") else written
        bare = bare[:-1] + "ا" if bare.endswith("ى") else bare
        for pronoun in (*_PRONOUNS, _TOLD):
            yield bare + pronoun, Form(verb, tense, gender, many, pronoun=True)


def _past(past: str) -> Iterator[tuple[Mood, Gender, bool, str]]:
    stem = past[:-1] if past.endswith(("ى", "ا")) else past
    middle = "ي" if past.endswith("ى") else "و" if past.endswith("ا") else ""
    yield "past", "m", False, past
    yield "past", "f", False, stem + "ت"
    yield "past", "m", True, stem + "وا"
    yield "past", "m", True, stem + middle + "ا"
    yield "past", "f", True, stem + "تا"


def _present(present: str) -> Iterator[tuple[Mood, Gender, bool, str]]:
    if not present:
        return
    weak = present.endswith(("ي", "و", "ى"))
    stem = present[:-1] if weak else present
    dual = stem + ("و" if present.endswith("و") else "ي" if weak else "")
    yield "present", "m", False, present
    yield "present", "f", False, "ت" + present[1:]
    yield "present", "m", True, stem + "ون"
    yield "present", "m", True, dual + "ان"
    yield "present", "f", True, "ت" + dual[1:] + "ان"


def _nominal(verb: Verb) -> Iterator[tuple[str, Form]]:
    """Participles as circumstance («مؤكدا»), and the verb's nouns, alone or with a possessor («تأكيدها»)."""
    if verb.participle:
        stem = verb.participle
        plural = stem.removesuffix("ي")
        yield stem + "ا", Form(verb, "participle", "m")
        yield stem + "ة", Form(verb, "participle", "f")
        yield plural + "ين", Form(verb, "participle", "m", many=True)
        yield stem + "تين", Form(verb, "participle", "f", many=True)
    for noun in verb.nouns:
        yield noun, Form(verb, "noun")
        stem = noun[:-1] + "ت" if noun.endswith("ة") else noun
        for pronoun in _PRONOUNS:
            gender: Gender = "f" if pronoun == "ها" else "m"
            yield stem + pronoun, Form(verb, "noun", gender, pronoun in {"هم", "هما"}, pronoun=True)
