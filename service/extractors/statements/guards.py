"""Whether a form that could report does: what stands before it, and how it is written."""

from service.extractors.statements.cues import Cue
from service.extractors.statements.page import Page

_DAMMA = "\u064f"


def is_denied(page: Page, cue: Cue) -> bool:
    """Whether the words before a verb say that it was not said, or not yet."""
    if not cue.form.finite or cue.index == 0:
        return False
    before = page.folded[cue.index - 1].removeprefix("و")
    if before == "ان" and cue.index > 1 and page.folded[cue.index - 2].removeprefix("و") in {"قبل", "بعد"}:
        return False
    if before == "ما":
        return attributive(page, cue) is None
    if before in page.words.past_only:
        return cue.form.mood == "present"
    return before in page.words.denied


def is_anonymous(page: Page, at: int) -> bool:
    """Whether a verb says that a source keeps its name («طلب عدم الكشف عن هويته»)."""
    cue = page.cues.get(at)
    asks = cue is not None and cue.form.finite and cue.form.verb.past == "طلب"
    return asks and page.folded[at + 1 : at + 2] == ("عدم",)


def is_predicate(page: Page, cue: Cue) -> bool:
    """Whether a participle, or its homograph, says what somebody is («وهي مطالبة بالتنحي», «وهو طالب»)."""
    before = page.folded[cue.index - 1] if cue.index else ""
    nominal = cue.form.mood == "participle" or cue.form.verb.common
    folded = page.folded[cue.index]
    if (cue.form.mood == "participle" and folded in page.words.titles) or (
        cue.form.many and folded in page.words.prepositions
    ):
        return True  # «كاتبة الدولة», «ردا على»
    plural = cue.form.mood == "participle" and cue.form.many and not cue.joined and cue.index > 0
    if plural and not page.is_punctuation(cue.index - 1):
        return True
    return nominal and (before == "غير" or before in page.words.pronouns or before in page.words.copulas)


def is_transitive_use(page: Page, cue: Cue) -> bool:
    """Whether a verb has a pronoun for object that saying does not take («أبرزهم»), unless «ما» points to it."""
    verb = cue.form.verb
    takes = verb.addressee or not {"object", "described"}.isdisjoint(verb.takes)
    return cue.form.finite and cue.form.pronoun and not takes and attributive(page, cue) is None


def is_first_person(page: Page, cue: Cue) -> bool:
    """Whether «أعتقد» was folded into «اعتقد»: a derived verb whose past begins with a bare alef."""
    return cue.form.mood == "past" and cue.form.verb.past[0] == "ا" and page.doc.text[cue.start] == "أ"


def is_passive(page: Page, cue: Cue) -> bool:
    """Whether a damma on the first letter makes the verb passive («ذُكر», «يُعتقد»).

    In the present, the four-letter verbs have it in the active too («يُعلن»).
    """
    past = cue.form.verb.past
    if not cue.form.finite or (cue.form.mood == "present" and len(past) == 4 and not past.startswith("ت")):
        return False
    return _DAMMA in page.doc.quote(page.doc.span(cue.start, cue.start + 1))


def begins_clause(page: Page, cue: Cue) -> bool:
    """Whether a past verb stands where a clause begins, as its everyday homograph would not."""
    at, words = cue.index, page.words
    if cue.form.mood == "present" or cue.joined or at == page.sentence_start(at) or page.is_punctuation(at - 1):
        return True
    before = page.folded[at - 1]
    tables = (words.links, words.auxiliaries, words.relatives, words.complementisers, words.excursions, words.times)
    return any(before in table or before.removeprefix("و") in table for table in tables) or (
        before in words.documents or before in words.attributive
    )


def attributive(page: Page, cue: Cue) -> int | None:
    """The token of «ما» or «كما» right before a verb («حسب ما أعلن»), if there is one."""
    at = cue.index - 1
    if at < 0 or cue.joined or not cue.form.finite:
        return None
    word = page.folded[at]
    if word == "ما" and not (at and {page.folded[at - 1], page.folded[at - 1][1:]} & page.words.according):
        return None
    return at if {word, word.removeprefix("و")} & page.words.attributive else None
