"""What a verb governs: where its region ends and the reported content begins."""

from msgspec import Struct

from service.extractors.statements.cues import Cue
from service.extractors.statements.guards import is_anonymous
from service.extractors.statements.nouns import (
    gender,
    is_content,
    is_head,
    is_person,
    is_possessed,
    is_speaker,
    is_verbal_noun,
    is_with,
    stems,
)
from service.extractors.statements.page import Page
from service.extractors.statements.phrases import phrase, skip_adverbials

_REGION = 40  # tokens between a verb and its complementiser
_PREPOSITIONS = {"الي": "إلى", "علي": "على", "عن": "عن", "عما": "عن", "من": "من", "مما": "من"}
_RESPONSIBILITY = {"مسءوليه", "المسءوليه"}
_NEAR = 8  # tokens between a noun of saying and its clause
_DESCRIBED = 12  # tokens between what is described and as what
_NAME = 8  # tokens of a medium's name in marks («قناة "في. آر. تي"»)
_DERIVED = 4  # letters of a verbal noun of the pattern تفعّل
_SHORT_QUOTE = 3  # tokens: a quotation as short as this may be a name


class Frame(Struct, frozen=True):
    """The region of a cue ends at token `limit`; content begins at token `first`, view offset `start`.

    A quotation also says where it ends (token `last`, exclusive); an object, which tokens before it are the `speaker`.
    """

    limit: int
    first: int
    start: int
    last: int | None = None
    speaker: tuple[int, int] | None = None
    direct: bool = False
    object_only: bool = False  # what follows the verb is its object: nobody is named there


def find_frame(page: Page, cue: Cue) -> Frame | None:
    """What a cue governs in its sentence, or None where it governs nothing: then it reports nothing."""
    end = _region_end(page, cue)
    governed = _governed(page, cue, end)
    if "object" in cue.form.verb.takes and not (governed and page.is_that(governed.first - 1)):
        announced = _objects(page, cue, end)
        if announced is not None and (governed is None or announced.first < governed.limit):
            return announced
    return governed or _objects(page, cue, end)


def _region_end(page: Page, cue: Cue) -> int:
    end = min(page.sentence_end(cue.index), cue.index + _REGION)
    opener = page.inside[cue.index]
    return min(end, page.partner[opener]) if opener >= 0 else end


def _governed(page: Page, cue: Cue, end: int) -> Frame | None:
    """A complementiser, a governed preposition, a colon or a quotation."""
    verb = cue.form.verb
    quotes = "quote" in verb.takes or "أن" in verb.takes
    at = cue.index + 1
    while at < end:
        word = page.folded[at]
        if word == "؛":
            return None
        if word == ":" and quotes:
            return _quoted(page, at + 1, at) if cue.form.finite or _reaches(page, cue, at) else None
        if page.opens(at):
            if quotes and cue.form.mood != "noun" and _is_speech(page, at) and _reaches(page, cue, at):
                return _quoted(page, at, at)
            at = min(page.partner[at] + 1, end)
            continue
        frame = _opened(page, cue, at, end)
        if frame is not None:
            return frame
        if _starts_another(page, at, cue):
            return None
        at += 1
    return None


def _opened(page: Page, cue: Cue, at: int, end: int) -> Frame | None:
    """What a token opens: a reported clause, or the complement of a preposition that the verb governs."""
    takes, words = cue.form.verb.takes, page.words
    word, before = page.folded[at], page.folded[at - 1]
    if word in words.complementisers or (cue.form.mood == "noun" and page.is_that(at)):
        if _belongs_to_noun(page, cue, at) or _is_interrupted(page, cue, at):
            return None
        reports = "أن" in takes or (word.startswith("ب") and "ب" in takes)
        plain = before not in words.not_reporting and (before not in _PREPOSITIONS or at == cue.index + 2)
        return _after(page, at, at) if reports and plain else None
    if word in _PREPOSITIONS and at + 1 < end:
        after = page.folded[at + 1]
        inner = f"{before} {word}" in words.bound or (word == "من" and before in words.quantities)
        aside = after in words.excursions or ("أن" in takes and (after in words.occasions or _is_before(page, at, end)))
        if _PREPOSITIONS[word] not in takes or inner or aside or not _reaches(page, cue, at):
            return None
        return _after(page, at, at + (after in words.complementisers))
    start = page.doc.tokens[at].start
    if "ب" in takes and word == "ب" and at + 1 < end:
        return _after(page, at, at) if _reaches(page, cue, at) else None
    if "asked" in takes and is_with(page, at) and _reaches(page, cue, at):
        asked = _asked_of(page, at, end)
        if asked < end:
            return Frame(at, asked, page.doc.tokens[asked].start)
    if "ب" in takes and is_with(page, at):
        charged = before in words.charged and cue.form.verb.act == "asserts"
        elsewhere = charged or _is_in_title(page, cue, at, end)
        elsewhere = elsewhere or ("أن" in takes and _is_aside(page, cue, at, end))
        return Frame(at, at, start + 1) if not elsewhere and _reaches(page, cue, at) else None
    if "ل" in takes and word.startswith("ل") and is_verbal_noun(page, word[1:]):
        return Frame(at, at, start + 1) if _reaches(page, cue, at) else None
    if "مسؤولية" in takes and word in _RESPONSIBILITY:
        return Frame(at, at, start) if _reaches(page, cue, at) else None
    return None


def _is_interrupted(page: Page, cue: Cue, at: int) -> bool:
    """Whether a comma before a clause closes a participle's parenthesis («أضاف معلقا على س، أن»): it is the verb's."""
    commas = page.folded[cue.index + 1 : at].count("،")
    return cue.form.mood == "participle" and page.folded[at - 1] == "،" and commas == 1


def _is_in_title(page: Page, cue: Cue, at: int, end: int) -> bool:
    """Whether «بوزارة» belongs to who speaks: «أفاد مدير المناهج بوزارة التربية»."""
    if page.folded[at][1:].removeprefix("ال") not in page.words.institutions:
        return False
    start = skip_adverbials(page, cue.index + 1, at)
    return start < at and page.folded[start] in page.words.titles and phrase(page, start, end, strict=False) > at


def _is_before(page: Page, at: int, end: int) -> bool:
    """Whether a prepositional phrase stands before the clause: «أكد س على الإذاعة اليوم أن», but not «على ضرورة أن»."""
    last = phrase(page, at + 1, end, strict=False)
    clause = skip_adverbials(page, last, end)
    return clause < end and page.is_that(clause) and (clause > last or at + 1 in page.named)


def _is_aside(page: Page, cue: Cue, at: int, end: int) -> bool:
    """Whether «بالجهة» says where or of what, since the clause is still to come: «أفاد س بالجهة أمس أن»."""
    if cue.form.verb.act != "asserts":
        after = phrase(page, at + 1, end, strict=False)
        return page.folded[at].startswith("بال") and after < end and page.is_that(after)
    if is_verbal_noun(page, page.folded[at][1:].removeprefix("ال")):
        return False
    words = page.words
    stops = words.relatives | words.not_reporting
    for after in range(at + 1, end):
        word = page.folded[after]
        if word in words.complementisers:
            return page.folded[after - 1] not in words.prepositions
        if after in page.cues or {word, word[1:]} & stops or (page.is_punctuation(after) and word not in "،()"):
            return False
    return False


def _belongs_to_noun(page: Page, cue: Cue, at: int) -> bool:
    """Whether a clause is that of a noun between («خالف ادعاءاته بأن»), or the verb has its object already («يظنه»)."""
    form = cue.form
    if form.finite and form.pronoun and not form.verb.addressee:
        return True
    if form.verb.source:
        return False
    between = (page.cues[k] for k in range(max(cue.index + 1, at - _NEAR), at) if k in page.cues)
    return any(
        not one.form.finite
        and "أن" in one.form.verb.takes
        and page.folded[one.index - 1] not in page.words.prepositions
        for one in between
    )


def _reaches(page: Page, cue: Cue, at: int) -> bool:
    """Whether nothing but a speaker, somebody addressed and adverbials stands between a cue and a token."""
    place = cue.index + 1
    for number in range(2 + cue.form.verb.addressee):
        place = skip_adverbials(page, place, at)
        if place >= at:
            return True
        beside = max(phrase(page, place, at, strict=False), place)
        apposed = cue.form.verb.addressee or number == 0 or page.folded[place - 1] == "،"
        if beside == place or not apposed:
            return False
        place = beside
    return skip_adverbials(page, place, at) >= at


def _objects(page: Page, cue: Cue, end: int) -> Frame | None:
    """A direct object: after the speaker, or alone after the verb where the speaker was named before."""
    takes = cue.form.verb.takes
    if cue.form.mood == "noun" or not {"object", "described", "asked", "attitude"} & set(takes):
        return None
    start = _past_adverbials(page, cue.index + 1, end)
    if start >= end or (page.is_punctuation(start) and not page.opens(start)):
        return None
    if cue.form.mood == "participle" or cue.form.many:
        return _object_at(page, start, end, takes, None)
    last = phrase(page, start, end)
    if last < end and page.has_article(start) and is_person(page, last) and page.folded[last - 1] != "،":
        last = page.named[last].last  # «الجامعية ألفة السالمي»
    asked = _asked(page, start, last, end) if "asked" in takes else None
    if asked is not None:
        return asked
    after = _past_adverbials(page, last, end)
    if after < end and (_is_subject(page, cue, start, after) or _is_relation(page, start, after)):
        frame = _object_at(page, after, end, takes, (start, last))
        if frame is None and cue.form.verb.addressee and "object" in takes:
            beyond = _past_adverbials(page, phrase(page, after, end), end)
            frame = _object_at(page, beyond, end, takes, (start, last)) if beyond < end else None
        if frame is not None:
            return frame
    return None if {"described", "asked"} & set(takes) else _object_at(page, start, end, takes, None)


def _is_subject(page: Page, cue: Cue, start: int, after: int) -> bool:
    """Whether of two phrases the first speaks: no noun with its adjective, nor one that does not agree."""
    if not is_head(page, start) or is_speaker(page, start):
        return is_head(page, start)
    feminine = gender(page, start) == "f"
    adjective = page.has_article(after) and (gender(page, after) == "f") == feminine and "أن" not in cue.form.verb.takes
    return not adjective and not (feminine and cue.form.gender == "m")


def _is_relation(page: Page, start: int, after: int) -> bool:
    """Whether «زوجته», «محاميها» speaks, since what is said comes next: «أنكرت زوجته علمها»."""
    if not is_possessed(page, start) or is_content(page, start):
        return False
    return is_content(page, after) or is_verbal_noun(page, page.folded[after].removeprefix("ال"))


def _past_adverbials(page: Page, at: int, end: int) -> int:
    """Past the adverbials before a phrase, whose «هذه» belongs to it."""
    start = skip_adverbials(page, at, end)
    return start - (start > at and page.folded[start - 1] in page.words.demonstratives)


def _object_at(page: Page, at: int, end: int, takes: tuple[str, ...], speaker: tuple[int, int] | None) -> Frame | None:
    word = page.folded[at]
    if page.is_punctuation(at) or page.is_that(at) or word in page.words.relatives or word in page.words.prepositions:
        return None
    if "described" in takes:
        near = range(at + 1, min(end, at + _DESCRIBED))
        fits = any(is_with(page, k) or page.folded[k] == "ب" or page.folded[k].startswith("بان") for k in near)
    elif "attitude" in takes:
        fits = not page.words.attitudes.isdisjoint(stems(word))
    elif speaker is None:
        fits = is_content(page, at) or ("أن" not in takes and page.has_article(at) and not is_speaker(page, at))
    elif "أن" not in takes:
        fits = page.folded[at - 1] != "،"
    else:
        definite = page.has_article(at) and page.folded[at - 1] != "،"
        fits = is_content(page, at) or (definite and is_verbal_noun(page, word[2:]))
    return Frame(at, at, page.doc.tokens[at].start, speaker=speaker, object_only=speaker is None) if fits else None


def _asked(page: Page, start: int, last: int, end: int) -> Frame | None:
    """«طلب س من ص أن» and «طلب س من ص كذا»."""
    while last < end and page.folded[last] in page.words.prepositions and page.folded[last] != "من":
        last = max(last + 1, phrase(page, last + 1, end))
    if last >= end or page.folded[last] != "من":
        return None
    after = phrase(page, last + 1, end)
    if after >= end or page.is_punctuation(after):
        return None
    return Frame(last, after, page.doc.tokens[after].start, speaker=(start, last))


def _asked_of(page: Page, at: int, end: int) -> int:
    """Where what is asked begins after those asked with ب («أهاب بالمواطنين التقيد بكذا»), or `end` for none."""
    last = at + 1 if page.folded[at].startswith("بال") else phrase(page, at + 1, end)
    last += page.folded[last : last + 1] == ("الي",)
    if last >= end:
        return end
    word = page.folded[last]
    verbal = page.has_article(last) and not word.endswith(("ين", "ون", "يه"))
    derived = len(word) == _DERIVED and word.startswith("ت")  # «توخي», «تجنب»
    return last if verbal or derived or is_verbal_noun(page, word) else end


def _is_speech(page: Page, at: int) -> bool:
    """Whether the quotation that opens at a token is speech and no name."""
    close = page.partner[at]
    after, before = close + 1, page.folded[at - 1]
    ended = after >= page.sentence_end(at) or page.is_punctuation(after)
    if close - at - 1 > (_SHORT_QUOTE if ended or before not in page.words.sources else _NAME):
        return True
    if page.folded[after : after + 1] == ("،",) and after + 1 < len(page.folded) and page.is_that(after + 1):
        return False
    if before in page.words.sources or (before == "،" and page.folded[after : after + 1] == ("،",)):
        return False
    return ended


def _quoted(page: Page, at: int, limit: int) -> Frame | None:
    """Speech at a token: a quotation, or what follows a colon up to the end of the sentence."""
    if at >= len(page.folded) or (at >= page.sentence_end(limit) and not page.opens(at)):
        return None
    if page.opens(at):
        last = page.partner[at]
        return Frame(limit, at + 1, page.doc.tokens[at + 1].start, last, direct=True) if last > at + 1 else None
    return Frame(limit, at, page.doc.tokens[at].start, page.sentence_end(at), direct=True)


def _after(page: Page, limit: int, marker: int) -> Frame | None:
    """The clause after a complementiser or preposition; where all of it is quoted, the quotation."""
    first = marker + 1
    if first >= page.sentence_end(limit):
        return None
    if page.opens(first):
        close = page.partner[first]
        after = close + 1
        whole = after >= len(page.folded) or after >= page.sentence_end(close - 1) or page.is_punctuation(after)
        if close > first + 1 and (whole or after in page.cues):
            return Frame(limit, first + 1, page.doc.tokens[first + 1].start, close, direct=True)
    return Frame(limit, first, page.doc.tokens[first].start)


def _starts_another(page: Page, at: int, cue: Cue) -> bool:
    """Whether another verb of saying begins a clause of its own here."""
    other = page.cues.get(at)
    if other is None or other.form.verb.common or is_anonymous(page, at):
        return False
    if other.form.mood == "participle":
        return other.joined or page.folded[at - 1] == "،"
    if not other.form.finite or (other.form.pronoun and "described" in other.form.verb.takes):
        return False  # «عن مصادر وصفها بكذا»
    return page.folded[at - 1] not in page.words.relatives and page.folded[at] not in page.words.titles
