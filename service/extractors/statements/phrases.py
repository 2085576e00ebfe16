"""Noun phrases that can speak: titles, institutions and names, found without a parser.

An iḍāfa runs over indefinite nouns up to its first definite one; what follows then is an adjective, the name that a
title announces, or another phrase. Read strictly, it ends at that other phrase, as the two objects of «طالب س ص بـ»
need it; read freely, up to a complementiser that is known to come, it only leaves out adverbials.
"""

import re

from msgspec import Struct

from service.extractors.statements.guards import is_anonymous
from service.extractors.statements.nouns import (
    can_speak,
    is_adverbial,
    is_circumstance,
    is_content,
    is_head,
    is_person,
    is_possessed,
    is_verbal_noun,
    is_with,
)
from service.extractors.statements.page import Page

_LONGEST = 24  # tokens of a speaker
_TITLE = 3  # tokens of a title after a name («س القيادي السابق في حركة كذا»)
_QUOTED_NAME = 6  # tokens of a name between quotation marks
_NISBA = re.compile(r"ال.{2,}(?:ي|يه|يين|يون|يتين|يات)")


class Phrase(Struct, frozen=True):
    """Tokens `[first:last]`, without the proclitics before the view offset `start`."""

    first: int
    last: int
    start: int


def phrase(page: Page, start: int, limit: int, strict: bool = True) -> int:
    """The end (a token, exclusive) of the noun phrase that starts at `start` and may not pass `limit`."""
    words = page.words
    at = start
    closed = person = named = known = False
    limit = min(limit, start + _LONGEST)
    while at < limit:
        word = page.folded[at]
        in_name_of = at > start and word.startswith("ب") and word[1:] in words.institutions
        mention = None if in_name_of else page.named.get(at)
        if page.opens(at):
            end = page.partner[at] + 1
            if end - at > _QUOTED_NAME + 2 or end > limit:
                break
            at, closed = end, True
            continue
        if word == "(" and at > start and page.folded[at + 2 : at + 3] == (")",) and at + 3 < limit:
            at += 3
            continue
        if word == "ل" or page.is_punctuation(at) or page.is_that(at) or _is_verbal(page, at):
            break
        if at > start and word in words.adverbials:
            break
        if mention is not None and mention.start == page.doc.tokens[at].start and mention.last <= limit:
            kind = "POSITION" if word in words.titles else mention.entity.type
            beside = kind == "POSITION" and page.folded[at - 1] in words.titles
            fits = person and not named and kind in {"PERSON", "POSITION"} and not beside
            people = kind == "NATIONALITY" and named and word.endswith(("ات", "ين", "ون"))
            fits = fits or (kind == "NATIONALITY" and not people) or not closed
            if strict and not fits:
                break
            person = person or kind in {"PERSON", "POSITION"}
            named = known = named or kind == "PERSON"
            at = mention.last
            name = kind in {"PERSON", "ORGANIZATION", "LOCATION"}
            closed = closed or name or page.has_article(at - 1) or page.folded[at - 1].startswith("لل")
            continue
        if is_adverbial(page, at) and not (word == "علي" and person and page.doc.tokens[at].text == "علي"):
            inner = _inside(page, at, start, limit, named, strict)
            if inner == at:
                break
            at, closed = inner, True
            continue
        if _is_circumstance(page, at) or (at > start and _begins_another(page, at)):
            break
        if _is_to(page, at):
            if named or _rest(word) in words.media:
                break
            closed = word.startswith("لل")
            at += 1
            continue
        if at > start and _is_post(page, at, limit, person and not (named or strict)):
            closed = word.startswith("بال")
            at += 1
            continue
        if named and word in words.titles:
            closed = named = known = False  # «س مدير كذا»: a title after a name is a phrase of its own
        inside = at > start and (strict or (closed and not person))
        if is_with(page, at) and (inside or not _is_surname(page, at)):
            break
        if named and at > start and is_possessed(page, at) and word not in words.titles and word != "الله":
            break
        if named and page.has_article(at) and not _can_be_surname(page, at, known):
            break
        if closed and strict and not _continues(page, at, person, named, known):
            break
        if closed and person and not (page.has_article(at) or word.startswith("و")) and word not in words.titles:
            named = word.isalpha()
        held = page.folded[at - 1] in words.titles or page.folded[at - 1][1:] in words.institutions
        apart = page.folded[at - 1].endswith("ون") or (word in words.addressed and not held)
        if not closed and strict and at > start and page.has_article(at) and apart:
            break
        closed = closed or page.has_article(at) or is_possessed(page, at)
        person = person or word in words.titles or word[1:] in words.titles
        at += 1
    return at


def placed(page: Page, first: int, last: int) -> Phrase:
    """A phrase over tokens, without the و, ف, ب, ل that the first may carry."""
    token = page.doc.tokens[first]
    mention = page.named.get(first)
    if mention is not None:
        return Phrase(first, last, mention.start)
    rest = token.folded[1:]
    known = rest.startswith("ال") or rest in page.words.titles or rest in page.words.sources
    known = known and token.folded not in page.words.titles and token.folded not in page.words.sources
    clitic = (token.folded[0] in "وفب" and known) or token.folded.startswith("لل")
    return Phrase(first, last, token.start + clitic)


def speaker_phrase(page: Page, start: int, limit: int) -> Phrase | None:
    """The speaker between a verb and its complementiser at `limit`, with an apposition between commas."""
    if start + 1 < limit and page.folded[start] == "،" and page.folded[start + 1] in page.words.prepositions:
        return None  # «وأضاف، في رده على س، أن»: a comma parts a verb from its adverbials, not from its subject
    first = skip_adverbials(page, start, limit)
    if first > start and first < limit and not is_head(page, first):
        return None  # after adverbials, only what is plainly a noun phrase is the subject
    if first in page.cues and page.cues[first].form.pronoun:
        return None  # «وأضاف قوله»
    if first < limit and is_circumstance(page, first):
        return None
    end = phrase(page, first, limit, strict=False)
    return placed(page, first, with_apposition(page, end, limit)) if end > first else None


def with_apposition(page: Page, end: int, limit: int) -> int:
    """Past «، س، » after a phrase: a name after its title, or a title after its name."""
    first = end + 1
    if first >= limit or page.folded[end] != "،" or first in page.cues or not can_speak(page, first):
        return end
    mention = page.named.get(first)
    other = mention is not None and mention.entity.type in {"LOCATION", "ORGANIZATION"}
    if other or (is_possessed(page, first) and page.folded[first] not in page.words.titles):
        return end
    beside = phrase(page, first, limit, strict=False)
    closed = beside == limit or skip_adverbials(page, beside, limit) > beside
    return beside if beside > first and closed else end


def skip_adverbials(page: Page, at: int, limit: int) -> int:
    """Past the commas, times and prepositional phrases that may stand before a subject."""
    words = page.words
    while at < limit and not is_person(page, at):
        word = page.folded[at]
        aside = word in words.adverbials or word in words.time_adjectives or is_adverbial(page, at)
        if word in words.prepositions:
            at = _past_parenthesis(page, at, limit) or _past_occasion(page, at + 1, limit)
        elif aside or word == "،" or word.isdigit():
            at += 1
        elif (word.startswith("بال") and is_with(page, at)) or _is_to(page, at):
            at = max(at + 1, phrase(page, at + 1, limit))
        else:
            break
    return at


def _past_parenthesis(page: Page, at: int, limit: int) -> int:
    """Past the closing comma of «، خلال لقائه نظيره كذا، », or 0 where none is open or it never closes."""
    if at == 0 or page.folded[at - 1] != "،":
        return 0
    ends = (comma + 1 for comma in range(at, min(limit, at + _LONGEST)) if page.folded[comma] == "،")
    return next(ends, 0)


def _past_occasion(page: Page, at: int, limit: int) -> int:
    """Past what a preposition governs; an occasion («في تصريح لإذاعة كذا، ») lasts to its comma, if there is one."""
    words = page.words
    while at < limit - 1 and page.folded[at] in words.attached:
        at += 1
    if at < limit and page.folded[at] in words.occasions:
        for comma in range(at, min(limit, at + _LONGEST)):
            if page.folded[comma] == "،":
                return comma + 1
    return max(at, phrase(page, at, limit))


def _is_verbal(page: Page, at: int) -> bool:
    """Whether a token opens a relative clause or the predicate («ليس», «قد»)."""
    words, word = page.words, page.folded[at]
    return word in words.predicates or (word[0] in "وفل" and word[1:] in words.past_only)


def _is_circumstance(page: Page, at: int) -> bool:
    """Whether a participle of saying stands here («معلقا على»)."""
    cue = page.cues.get(at)
    return cue is not None and cue.form.mood == "participle" and page.folded[at].endswith("ا")


def _begins_another(page: Page, at: int) -> bool:
    """Whether a verb, another cue after و, or the document that somebody wrote stands here."""
    word, cue = page.folded[at], page.cues.get(at)
    if word in page.words.titles:
        return False
    if is_anonymous(page, at):
        return True
    if cue is not None and (cue.joined or (cue.form.finite and not cue.form.verb.common)):
        return True
    written = word in page.words.documents and (word.endswith("ا") or word in {"تدوينه", "تغريده"})
    return written or word in page.words.reporters


def _continues(page: Page, at: int, person: bool, named: bool, known: bool) -> bool:
    """Whether a token goes on with a phrase whose iḍāfa is closed."""
    words, word = page.words, page.folded[at]
    if word.startswith("و") and at + 1 < len(page.folded):
        rest = word[1:]
        mention = page.named.get(at)
        joined = mention is not None and mention.start == page.doc.tokens[at].start + 1
        return joined or rest in words.titles or rest in words.sources
    if page.has_article(at):
        if _is_adjective(page, at):
            return True
        if word in words.sources:
            return False
        return person and (named or (word in words.titles and page.folded[at - 1] not in words.titles))
    return (
        person and not known and not is_content(page, at) and not is_possessed(page, at) and word not in words.sources
    )


def _is_adjective(page: Page, at: int) -> bool:
    words, word = page.words, page.folded[at]
    return word in words.adjectives or (_NISBA.fullmatch(word) is not None and word not in words.nouns_in_i)


def _inside(page: Page, at: int, start: int, limit: int, named: bool, strict: bool) -> int:
    """Past a prepositional phrase that belongs to the noun phrase, or `at` where it does not."""
    words = page.words
    if at == start or at + 1 >= limit:
        return at
    word, head = page.folded[at], page.folded[start]
    noun = at - 1
    while noun > start and _is_adjective(page, noun):
        noun -= 1
    before = page.folded[at - 1] if f"{page.folded[at - 1]} {word}" in words.bound else page.folded[noun]
    titled = any(page.folded[k] in words.placed for k in range(max(start + 1, at - _TITLE), at))
    if named and not titled:
        return at
    after = page.folded[at + 1]
    if word == "في":
        elsewhere = after in words.occasions or after in words.times
        belongs = ((head in words.placed or titled) and not elsewhere) or (
            head in words.titles and after in words.posts
        )
    elif word == "من":
        belongs = page.folded[at - 1] in words.quantities or f"{before} {word}" in words.bound
    else:
        belongs = f"{before} {word}" in words.bound
    return phrase(page, at + 1, limit, strict) if belongs else at


def _is_post(page: Page, at: int, limit: int, open_title: bool) -> bool:
    """Whether a word with ب is part of a title: an institution, a charge, or a place before the name."""
    words, word = page.words, page.folded[at]
    if not word.startswith("ب"):
        return False
    if word[1:].removeprefix("ال") in words.institutions or page.folded[at - 1] in words.charged:
        return True
    if not open_title or at + 1 >= limit or not is_with(page, at) or page.is_punctuation(at + 1):
        return False
    place = word.startswith("بال") or (at in page.named and page.named[at].entity.type == "LOCATION")
    return place and not is_adverbial(page, at + 1) and not page.is_that(at + 1)


def _is_to(page: Page, at: int) -> bool:
    """Whether a token is written with the preposition ل before an article or a name."""
    word = page.folded[at]
    mention = page.named.get(at)
    if mention is not None:
        return word.startswith("ل") and mention.start > page.doc.tokens[at].start
    known = word[1:] in page.words.media or word[1:] in page.words.belonging or word[1:].isascii()
    return (word.startswith("لل") and len(word) > 4) or (word.startswith("ل") and len(word) > 1 and known)


def _can_be_surname(page: Page, at: int, known: bool) -> bool:
    """Whether a word with the article can go on with a name: no feminine adjective, nor much after a known name."""
    word = page.folded[at]
    goes_on = word in page.words.titles or word in page.words.adjectives or word == "الله"
    return not word.endswith("يه") and (not known or word.endswith("ي") or goes_on)


def _is_surname(page: Page, at: int) -> bool:
    """Whether a word in ب between a name and a complementiser is a name too («دميتري بيسكوف»)."""
    word = page.folded[at]
    if at in page.named and page.named[at].start > page.doc.tokens[at].start:
        return False
    return not word.startswith("بال") and not is_verbal_noun(page, word[1:]) and word[1:] not in page.words.occasions


def _rest(word: str) -> str:
    """A word after its ل, with the article that the ل swallowed."""
    return "ال" + word[2:] if word.startswith("لل") else word[1:]
