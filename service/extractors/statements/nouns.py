"""What one token is, for a noun phrase: definite, possessed, verbal, masculine or feminine, able to speak."""

import re

from service.extractors.statements.page import Page

# Accusative participles of the patterns that few names have: مفاعلا، متفعلا، متفاعلا، مستفعلا، منفعلا.
_PARTICIPLE = re.compile(r"م(?:.ا..|ت.{3,4}|ست...|ن...)ا")
_PRONOUN = re.compile(r".{2,}(?:ه|ها|هم|هما|نا)")
# Verbal nouns of the derived patterns, folded: تفعيل، إفعال، افتعال، انفعال، استفعال, with a possessor or ة.
_VERBAL_NOUN = re.compile(r"(?:ت..ي.|ا..ا.|ا.ت.ا.|ان..ا.|است..ا.|اس.ا.ه|ا.ا.ه|م.ا..ه|ت.ا..)(?:ه|ها|هم|هما|ات)?")


def is_adverbial(page: Page, at: int) -> bool:
    """Whether a token is a preposition, a preposition with its pronoun, or a time."""
    words, word = page.words, page.folded[at]
    if word in words.time_units and at + 1 < len(page.folded) and page.folded[at + 1] in words.time_adjectives:
        return True
    return word in words.prepositions or word in words.times or word in words.attached


def can_speak(page: Page, at: int) -> bool:
    """Whether the phrase that starts at a token can be the subject of saying: not a verbal noun."""
    words, word = page.words, page.folded[at]
    if at in page.named or page.opens(at) or word in words.sources or word in words.titles:
        return True
    return not is_verbal_noun(page, word) and not is_circumstance(page, at)


def is_circumstance(page: Page, at: int) -> bool:
    """Whether a token is an accusative that says how somebody spoke («مخاطبا»), and no dual («متحدثا الوزارتين»)."""
    word = page.folded[at]
    return _PARTICIPLE.fullmatch(word) is not None and at not in page.named and word[:-1] not in page.words.titles


def is_collective(page: Page, at: int) -> bool:
    """Whether a token is a plural of people that does not look it, with its article or without."""
    word = page.folded[at]
    return word in page.words.collectives or word.removeprefix("ال") in page.words.collectives


def is_speaker(page: Page, at: int) -> bool:
    """Whether what starts at a token is plainly somebody: a name, a title, an institution, a plural of people."""
    words, word = page.words, page.folded[at]
    known = at in page.named or word in words.titles or word in words.sources or word in words.addressed
    return known or word.endswith(("ون", "ين")) or is_collective(page, at)


def is_person(page: Page, at: int) -> bool:
    """Whether a person's name starts at a token."""
    return at in page.named and page.named[at].entity.type == "PERSON"


def is_many(page: Page, at: int) -> bool:
    """Whether the phrase that starts at a token is a plural or dual of people («الشخصان», «ناشطون»)."""
    word = page.folded[at]
    return at not in page.named and (word.endswith("ون") or (page.has_article(at) and word.endswith("ان")))


def is_head(page: Page, at: int) -> bool:
    """Whether a token can be the first of a phrase that speaks: definite, named, a title, a source, a plural."""
    word = page.folded[at]
    if page.opens(at) or at in page.named or word in page.words.titles or word in page.words.sources:
        return True
    if word in page.words.collectives:
        return True
    if page.is_punctuation(at) or word in page.words.prepositions or word in page.words.times:
        return False
    return (page.has_article(at) and len(word) > 3) or word.endswith(("ون", "ين"))


def is_definite(page: Page, at: int) -> bool:
    """Whether a token begins a definite phrase, as those who are addressed are: by article, name, possessor or kind."""
    words, word = page.words, page.folded[at]
    known = at in page.named or word in words.addressed or word in words.titles or word in words.sources
    return known or page.has_article(at) or is_possessed(page, at) or page.opens(at)


def is_with(page: Page, at: int) -> bool:
    """Whether a token begins with the preposition ب."""
    word = page.folded[at]
    if not word.startswith("ب") or len(word) < 3 or word in page.words.adverbials or word in page.words.native:
        return False
    mention = page.covering.get(at)
    if mention is not None and (mention.first < at or mention.start == page.doc.tokens[at].start):
        return False
    return word not in page.words.sources and word not in page.words.titles


def is_possessed(page: Page, at: int) -> bool:
    """Whether a pronoun is attached to a token (ة is none, where the writer marks it)."""
    return _PRONOUN.fullmatch(page.folded[at]) is not None and not page.doc.tokens[at].text.endswith("ة")


def is_content(page: Page, at: int) -> bool:
    """Whether an indefinite token may open what is announced, denied or condemned: a verbal noun or its like."""
    return is_verbal_noun(page, page.folded[at])


def is_verbal_noun(page: Page, word: str) -> bool:
    """Whether a folded word without article is a verbal noun, by list or by pattern."""
    if word.startswith("ال"):
        return False
    return not page.words.contents.isdisjoint(stems(word)) or _VERBAL_NOUN.fullmatch(word) is not None


def stems(word: str) -> set[str]:
    """A folded noun as it is and without its possessor («علاقته»: علاقة)."""
    found = {word, word.removeprefix("ال")}
    for pronoun in ("هما", "ها", "هم", "ه"):
        if word.endswith(pronoun):
            stem = word.removesuffix(pronoun)
            found |= {stem, stem.removesuffix("ت") + "ه"}
    return found


def gender(page: Page, start: int) -> str:
    """Gender of a phrase by its first token: f, m, or nothing where one cannot tell."""
    token = page.doc.tokens[start]
    kind = page.named[start].entity.type if start in page.named else ""
    if kind in {"LOCATION", "PERSON"}:
        return "f" if kind == "LOCATION" else ""  # «أسامة»
    if token.text.endswith(("ة", "ات")):
        return "f"
    return "m" if token.folded in page.words.titles or token.folded.endswith(("ون", "ين")) else ""
