"""Who speaks: named after the verb, before it, behind a preposition, or in what was said before."""

from collections.abc import Sequence

from service.extractors.statements.cues import Cue
from service.extractors.statements.frames import Frame
from service.extractors.statements.guards import is_passive
from service.extractors.statements.nouns import (
    can_speak,
    gender,
    is_collective,
    is_definite,
    is_head,
    is_many,
    is_possessed,
)
from service.extractors.statements.page import Page
from service.extractors.statements.phrases import (
    Phrase,
    phrase,
    placed,
    skip_adverbials,
    speaker_phrase,
    with_apposition,
)
from service.extractors.statements.report import Report

_BACK = 25  # tokens that are looked at before a verb
_FRONT = 5  # tokens in which a narrated sentence has its subject
_NEAR = 2  # sentences over which a speaker that agrees is carried
_PLURAL = 5  # letters of the shortest «مواطني»
_MEMORY = 6  # reports that are looked at for a speaker to carry


def name_speaker(page: Page, reports: Sequence[Report], report: Report, cue: Cue, frame: Frame) -> bool:
    """Give a report its speaker; False where nobody can be speaking, so that it is no report."""
    form = cue.form
    if form.verb.impersonal:
        return page.is_that(frame.first - 1)
    if is_passive(page, cue):
        return True
    if form.verb.source:
        report.speaker = after_source(page, cue, frame.limit) or published(page, cue)
        report.alone = report.speaker is not None and not is_collective(page, report.speaker.first)
        return report.speaker is not None
    if form.mood == "noun":
        return _name_of_noun(page, reports, report, cue, frame)
    if form.mood == "participle":
        report.pending = not carry(page, reports, report)
        return True
    before = _agreeing(page, cue, subject_before(page, cue))
    named: Phrase | None
    if frame.speaker is not None:
        named = placed(page, *frame.speaker)
    elif form.many or frame.object_only:
        named = before
    elif form.verb.addressee:
        known = cue.joined and carry(page, reports, report)
        named = _first_of_two(page, cue, frame, before is not None, known) or before
    else:
        named = speaker_phrase(page, cue.index + 1, frame.limit)
        told = before is not None and named is not None and page.folded[named.first].startswith("ل")
        named = (None if told else named) or before or published(page, cue)
    if form.verb.narrated and form.mood == "present" and (named is None or named.first < cue.index):
        return False
    if named is None:
        anonymous = page.inside[cue.index] < 0 and (cue.joined or cue.index == page.floor(cue.index))
        return _points_back(page, cue) and (carry(page, reports, report) or anonymous)
    report.speaker, report.carried, report.many = named, False, report.many or is_many(page, named.first)
    report.alone = not (report.many or is_collective(page, named.first))
    return can_speak(page, named.first)


def _agreeing(page: Page, cue: Cue, subject: Phrase | None) -> Phrase | None:
    """The subject before a verb, where it agrees: no feminine noun has «أفاد», no title «أعلنوا»."""
    if subject is None:
        return None
    kind, head = gender(page, subject.first), page.folded[subject.first]
    if cue.form.many:
        return None if head in page.words.titles or head == "مصدر" else subject
    feminine = kind == "f" and not is_many(page, subject.first) and head not in page.words.titles
    return None if feminine and cue.form.gender == "m" else subject


def carry(page: Page, reports: Sequence[Report], report: Report) -> bool:
    """Give a report the speaker of one before it: in its sentence, else one near that agrees, else the last.

    Inside a quotation nobody is carried from outside: there, the speaker says «I».
    """
    here, level = page.sentence[report.at], page.inside[report.at]
    known = [one for one in reports[-_MEMORY:] if one.speaker is not None and page.inside[one.at] == level]
    same = [one for one in known if page.sentence[one.at] == here and _agrees(one, report)]
    near = [one for one in known if _agrees(one, report) and here - page.sentence[one.at] <= _NEAR]
    near.sort(key=lambda one: not one.nested)  # who speaks in somebody's words comes last
    report.carried = True
    if same:
        report.speaker = same[-1].speaker
    else:
        circumstance = page.cues[report.at].form.mood == "participle" if report.at in page.cues else False
        report.speaker = _subject_of(page, report, here) if circumstance else antecedent(page, report)
        loosely = not (circumstance or report.many)
        if report.speaker is None and level < 0 and (near or (known and loosely)):
            report.speaker = (near or known)[-1].speaker
        if report.speaker is None and level < 0 and here and not circumstance:
            report.speaker = _subject_of(page, report, here - 1)
            if report.many and report.speaker and not is_many(page, report.speaker.first):
                report.speaker = None
    return report.speaker is not None


def _subject_of(page: Page, report: Report, sentence: int) -> Phrase | None:
    """The first phrase of a narrated sentence that can be who speaks in the next."""
    bounds = page.doc.sentences[sentence]
    for at in range(bounds.first, min(bounds.last, bounds.first + _FRONT, max(report.at, bounds.first))):
        if page.inside[at] < 0 and _can_be_meant(page, report, at):
            last = phrase(page, at, bounds.last)
            return placed(page, at, last) if last > at else None
    return None


def _can_be_meant(page: Page, report: Report, at: int) -> bool:
    """Whether a token starts a phrase that speaks and agrees with a report."""
    mention = page.named.get(at)
    speaks = page.folded[at] in page.words.titles or page.folded[at] in page.words.sources
    if mention is not None:
        speaks = mention.entity.type in {"PERSON", "ORGANIZATION", "POSITION"}
    kind = gender(page, at)
    speaks = speaks and page.folded[at] not in page.words.quantities
    several = report.many and is_many(page, at)
    speaks = speaks or (several and page.folded[at][:-2] in page.words.titles)
    alone = report.many and (mention is not None or page.folded[at] in page.words.titles)
    return speaks and not alone and not (kind and report.gender and kind != report.gender)


def _agrees(one: Report, report: Report) -> bool:
    wrong = one.gender and report.gender and one.gender != report.gender
    return not wrong and not (one.many and not report.many and report.gender == "m") and not (report.many and one.alone)


def antecedent(page: Page, report: Report) -> Phrase | None:
    """The nearest phrase before a report in its sentence that can be the subject of what points back."""
    index = report.at
    floor = max(page.floor(index), index - _BACK)
    for at in range(index - 1, floor - 1, -1):
        if not _can_be_meant(page, report, at):
            continue
        first = at
        for earlier in range(at - 1, max(floor, at - 4) - 1, -1):
            if is_head(page, earlier) and phrase(page, earlier, index) > at:
                first = earlier
        last = phrase(page, first, index)
        return placed(page, first, last) if last > first else None
    return None


def after_source(page: Page, cue: Cue, limit: int) -> Phrase | None:
    """«نقلت س عن ص قوله إن» and «جاء في بيان س أن»: the phrase after the preposition."""
    own = own_word(page, limit)
    limit = limit if own is None else own.index
    for at in range(cue.index + 1, limit - 1):
        if page.folded[at] == cue.form.verb.source:
            last = phrase(page, at + 1, limit, strict=False)
            if last > at + 1:
                return placed(page, at + 1, last)
    return None


def own_word(page: Page, limit: int) -> Cue | None:
    """«قوله» before a clause or quotation that begins at `limit`."""
    at = limit - 1 - (page.folded[limit - 1] == "،")
    own = page.cues.get(at)
    return own if own is not None and own.form.mood == "noun" and own.form.pronoun else None


def published(page: Page, cue: Cue) -> Phrase | None:
    """«نشرت س تقريرا يفيد بأن»: who published the document that speaks."""
    words = page.words
    floor = max(page.floor(cue.index), cue.index - _BACK)
    document = next((at for at in range(cue.index - 1, floor - 1, -1) if page.folded[at] in words.documents), floor)
    for verb in range(document - 1, floor - 1, -1):
        if page.folded[verb].removeprefix("و") in words.publishes:
            last = phrase(page, verb + 1, document, strict=False)
            return placed(page, verb + 1, last) if last > verb + 1 else None
    return None


def subject_before(page: Page, cue: Cue) -> Phrase | None:
    """The subject of noun-first order, or the noun that «الذي» points to."""
    words, end = page.words, cue.index
    floor = max(page.floor(cue.index), end - _BACK)
    if cue.joined:
        return _topic(page, cue, floor)
    while end > floor and page.folded[end - 1] in words.auxiliaries:
        end -= 1
    relative = end > floor and page.folded[end - 1] in words.relatives
    if relative:
        end -= 1
        end -= end > floor and page.folded[end - 1] == "،"
    start = _clause_before(page, end, floor, relative)
    while start < end and not relative and _is_leader(page, start):
        start += 1
    for first in range(start, end):
        if is_head(page, first) or page.folded[first][1:] in words.sources or page.folded[first][1:] in words.titles:
            if phrase(page, first, end, strict=relative) == end:
                return placed(page, first, end)
            if not relative:
                last = phrase(page, first, end, strict=False)
                whole = last > first and skip_adverbials(page, last, end) == end
                return placed(page, first, last) if whole else None
        elif not relative:
            return None
    return None


def _clause_before(page: Page, end: int, floor: int, relative: bool) -> int:
    """Where the clause before `end` begins: at an edge, or past prepositions at the complementiser that opened it."""
    start = end
    while start > floor and not _is_clause_edge(page, start - 1, relative):
        start -= 1
    if relative or start <= floor or page.folded[start - 1] not in page.words.prepositions:
        return start
    further = start - 1
    while further > floor and (
        page.folded[further] in page.words.prepositions or not _is_clause_edge(page, further, False)
    ):
        further -= 1
    return further + 1 if page.is_that(further) else start


def _is_leader(page: Page, at: int) -> bool:
    word = page.folded[at]
    return bool({word, word.removeprefix("و"), word.removeprefix("ف")} & page.words.leaders)


def _topic(page: Page, cue: Cue, floor: int) -> Phrase | None:
    """«أما س فقال»: the subject that أما puts first."""
    for at in range(cue.index - 1, floor - 1, -1):
        if page.folded[at].removeprefix("و") == "اما":
            last = phrase(page, at + 1, cue.index, strict=False)
            return placed(page, at + 1, last) if last > at + 1 else None
    return None


def _is_clause_edge(page: Page, at: int, relative: bool) -> bool:
    """Whether a clause cannot reach back over a token."""
    words, word = page.words, page.folded[at]
    if page.closes(at) or page.opens(at) or word in {"(", ")"}:
        return False
    if page.is_punctuation(at) or page.is_that(at) or word in words.relatives:
        return True
    if at in page.cues and page.cues[at].form.finite and not page.cues[at].form.verb.common:
        return True
    return word in words.links or (word in words.prepositions and (relative or word != "في"))


def _points_back(page: Page, cue: Cue) -> bool:
    """Whether a verb without a named subject can have one named before: it begins a clause or follows a pronoun."""
    at, words = cue.index, page.words
    if cue.joined or at == page.floor(at) or (page.is_punctuation(at - 1) and not page.closes(at - 1)):
        return True
    before = page.folded[at - 1]
    tables = (words.links, words.auxiliaries, words.relatives, words.complementisers, words.attributive, words.pronouns)
    return any({before, before[1:]} & table for table in tables)


def _name_of_noun(page: Page, reports: Sequence[Report], report: Report, cue: Cue, frame: Frame) -> bool:
    """«تصريح الرئيس الروسي بأن», «تأكيدها على أن»: the possessor speaks."""
    if cue.form.pronoun:
        if cue.form.verb.act == "accuses" and (frame.limit == cue.index + 1 or page.folded[cue.index + 1] == "من"):
            return False  # «بعد اتهامه بكذا»: he is accused
        report.speaker = antecedent(page, report)
        return report.speaker is not None or carry(page, reports, report)
    first = cue.index + 1
    if page.folded[first].startswith("ل") and not page.words.media.isdisjoint(_after_l(page.folded[first])):
        return False  # «في تصريح للإذاعة»
    end = phrase(page, first, frame.limit, strict=False)
    between = page.folded[end : frame.limit]
    if end == first or not is_head(page, first) or skip_adverbials(page, end, frame.limit) < frame.limit:
        return False
    if not page.words.prepositions.isdisjoint(between):
        return False
    report.speaker, report.gender = placed(page, first, end), gender(page, first)
    return can_speak(page, first)


def _after_l(word: str) -> set[str]:
    return {word[1:], "ال" + word[2:], word[2:]}


def _first_of_two(page: Page, cue: Cue, frame: Frame, fronted: bool, known: bool) -> Phrase | None:
    """The speaker of a verb that also has somebody addressed: the first of two phrases, or the only one.

    The only one is addressed where the subject is `fronted`, or where it often is and another speaker is `known`.
    """
    words = page.words
    first = skip_adverbials(page, cue.index + 1, frame.limit)
    last = phrase(page, first, frame.limit)
    if last <= first:
        return None
    kind, head = gender(page, first), page.folded[first]
    if head in words.titles:
        last = with_apposition(page, last, frame.limit)
    rest = skip_adverbials(page, last, frame.limit)
    if cue.form.pronoun or rest < frame.limit:
        plain = not (head in words.titles or head in words.sources or first in page.named)
        whole = rest == last and plain and not (cue.form.pronoun or is_definite(page, rest))
        return placed(page, first, phrase(page, first, frame.limit, strict=False) if whole else last)
    wrong = bool(kind and cue.form.gender and kind != cue.form.gender)
    construct = head.startswith("م") and page.doc.tokens[first].text.endswith("ي") and len(head) > _PLURAL
    plural = head.endswith("ين") or (construct and first not in page.named)
    accusative = (plural or is_possessed(page, first)) and head not in words.titles
    addressed = fronted or (known and head in words.addressed)
    return None if wrong or accusative or addressed else placed(page, first, last)
