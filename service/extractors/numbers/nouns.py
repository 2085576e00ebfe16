"""The noun phrase that a number counts: where it begins and ends, by a stop list and the shapes of its words."""

import re
from pathlib import Path

from msgspec import Struct, structs

from service.extractors.numbers.morphology import (
    has_pronoun,
    has_tanween,
    is_definite,
    is_plural,
    singular_stem,
    without_article,
)
from service.lexicon import read_words

_DATED = frozenset(("يومي", "شهري", "عامي", "سنتي", "موسمي"))  # before two dates; else adjectives
_LONGEST = 5  # words of a phrase after its head
_QUOTES = {"«": "»", '"': '"', "“": "”", "„": "”", "'": "'"}
_PASSIVE = re.compile("م..و.ه")


class PhraseTable(Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of `phrase.toml`."""

    stops: frozenset[str]
    verbs: frozenset[str]
    events: frozenset[str]
    nouns: frozenset[str]
    solid: frozenset[str]
    time_nouns: frozenset[str]
    tails: frozenset[str]
    bare_al: frozenset[str]
    others: frozenset[str]
    divisible: frozenset[str]
    elatives: frozenset[str]
    tied: frozenset[str]
    takes_next: frozenset[str]
    kinds: frozenset[str]
    demonstratives: frozenset[str]
    feminine: frozenset[str]
    before_attributes: frozenset[str]
    adjectives: frozenset[str]


class DualTable(Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of `duals.toml`."""

    nouns: frozenset[str]
    not_feminine: frozenset[str]
    not_construct: frozenset[str]
    exceptions: frozenset[str]
    nominatives: frozenset[str]


class Vocabulary(PhraseTable, frozen=True):
    """What the phrase rules know of single folded words."""

    duals: frozenset[str]  # masculine duals, both cases and both constructs
    not_feminine: frozenset[str]
    not_construct: frozenset[str]

    def is_verb(self, word: str) -> bool:
        """Whether a word is a finite verb by the list or by its shape."""
        if word in self.nouns or word in self.solid or is_definite(word):
            return False
        if word in self.verbs or (word[0] in "وفسيتن" and len(word) > 3 and word[1:] in self.verbs):
            return True
        if word[:2] == "وي" and len(word) > 4:
            return not word.endswith(("ي", "يه", "يا"))  # «ويتمثل»
        if word[:2] in {"سي", "ست", "سن"} and word[2:] in self.verbs:
            return True
        if len(word) > 3 and (word.endswith("وا") or (word[:3] == "تست" and word != "تستر")):
            return True
        if len(word) > 2 and word.endswith("ت") and not word.endswith("ات"):
            return True
        if word[:2] == "ست" and len(word) > 5 and not word.endswith(("ين", "ون", "ات")):
            return True
        if word[:2] == "سي" and len(word) > 4 and not word.endswith(("ي", "يه", "يا", "ين")):
            return True
        return word[0] == "ي" and len(word) > 2 and not word.endswith(("ي", "يه", "يا"))

    def is_time(self, word: str) -> bool:
        """Whether a word, with its article or without, is a unit of time."""
        bare = word.removeprefix("لل") if word.startswith("لل") else without_article(word)
        return word in self.time_nouns or bare in self.time_nouns

    def is_feminine(self, word: str) -> bool:
        """Whether a word is feminine singular, by its ending or by the list."""
        return word.endswith("ه") or without_article(word) in self.feminine

    def is_attribute(self, word: str) -> bool:
        """Whether a word is an adjective, of relation mostly: a noun stands before it."""
        stem = without_article(word)
        if stem in self.adjectives:
            return True
        return stem.endswith(("ي", "يه", "يا", "يين", "يون")) and len(stem) > 2 and stem not in self.feminine

    def ends_phrase(self, word: str) -> bool:
        """Whether a word is no part of a noun phrase: a particle, a verb, a preposition written onto its noun."""
        if word in self.solid or singular_stem(word) in self.solid:
            return False
        if word in self.stops or self.is_verb(word):
            return True
        if word[0] in "وف" and (word[1:] in self.stops or word[1:] in self.verbs):
            return True
        if word.startswith(("بال", "لل", "كال", "فال")) and len(word) > 4:
            return True
        # A preposition's noun has no tanween: «باعثا» is no «ب» and «اعثا».
        return word[0] in "بل" and len(word) > 3 and not has_tanween(word)

    def is_dual(self, word: str) -> bool:
        """Whether an indefinite word is a dual: feminine by its shape, masculine by the list."""
        if word in self.duals:
            return True
        if len(word) < 6 or not word.endswith(("تين", "تان")) or word in self.not_feminine:
            return False
        # Names end in -ستين; «معروفتان» is a predicate.
        singular = word[:-3] + "ه"
        return singular in self.solid or not (word[-4] == "س" or _PASSIVE.fullmatch(singular))

    def is_solid_dual(self, word: str) -> bool:
        """Whether the first letter of a dual is its own: it is listed, or its singular is."""
        singular = word[:-3] + "ه" if word.endswith(("تين", "تان")) else word[:-2]
        return word in self.solid or (word.endswith(("ين", "ان")) and singular in self.solid)

    def is_construct_dual(self, word: str, following: str) -> bool:
        """«زورقي مهاجرين», «طائرتي شحن»: a dual before an indefinite noun that is no adjective."""
        if following.endswith(("ي", "يه", "يا")) or is_definite(following) or word in self.not_construct:
            return False
        if word.endswith("ي") and word + "ن" in self.duals:
            return is_plural(following) or following.endswith("ه")
        if len(word) < 6 or not word.endswith("تي") or word.endswith(("اتي", "يتي", "وتي")):
            return False
        return is_plural(following) or following.endswith("ه")


class Phrase(Struct, frozen=True, gc=False):
    """Tokens `[first:last]` of a counted noun phrase; `past` is the token after it, quotation mark included."""

    first: int
    last: int
    past: int


class Nouns:
    """Finds noun phrases among the tokens of one document."""

    def __init__(self, vocabulary: Vocabulary, words: list[str], numbers: set[int], closed: set[int]) -> None:
        self.vocabulary = vocabulary
        self.words = words
        self.numbers = numbers  # tokens of numerals
        self.closed = closed  # tokens that no phrase may hold: dates, the first of a line

    def after(self, at: int, plural: bool, definite: bool) -> Phrase | None:
        """The phrase that starts at a token.

        `plural` says that its number wants one (three to ten), `definite` that it may have the article («مئات الأسر»).
        """
        if at < len(self.words) and self.words[at] in _QUOTES and at not in self.closed:
            return self.quoted(at)
        if not self.is_noun(at, definite):
            return None
        last = self.continued(at, plural, genitive=definite)
        return Phrase(at, last, last)

    def quoted(self, at: int) -> Phrase | None:
        """«6 "براكاجات"»: what stands within quotation marks."""
        closing = _QUOTES[self.words[at]]
        for end in range(at + 2, min(at + 6, len(self.words))):
            if self.words[end] == closing:
                named = len(self.words[at + 1]) > 1 and self.words[at + 1] not in self.vocabulary.stops
                return Phrase(at + 1, end, end + 1) if named and _is_arabic(self.words[at + 1]) else None
        return None

    def is_noun(self, at: int, definite: bool) -> bool:
        """Whether a token may head a counted phrase."""
        if at >= len(self.words) or at in self.closed or at in self.numbers:
            return False
        word = self.words[at]
        if word in self.vocabulary.others:
            return True
        plural = (
            len(word) > 5 and word[0] == "ب" and word.endswith("ات") and not word.startswith("بال")
        )  # «برقيات»: hardly «ب» after a number
        if len(word) < 2 or not _is_arabic(word) or (self.vocabulary.ends_phrase(word) and not plural):
            return False
        if has_pronoun(word) and not definite and word not in self.vocabulary.nouns:
            return False
        if word[0] == "و" and word not in self.vocabulary.solid and not has_tanween(word):
            return False  # «85 وفدا» is a noun
        return definite or not is_definite(word)

    def continued(self, head: int, plural: bool, genitive: bool = False) -> int:
        """Where a phrase ends that a head opens: adjectives, an indefinite genitive, what «و» and «أو» join to it."""
        words, at = self.words, head + 1
        if words[head] in self.vocabulary.others:
            return at  # «60 آخرون جولة الإعادة»
        definite, tanween = is_definite(words[head]), has_tanween(words[head])
        sound = len(words[head]) > 4 and words[head].endswith(("ين", "ون"))
        while at < len(words) and at - head <= _LONGEST and at not in self.closed and at not in self.numbers:
            word = words[at]
            if at + 1 in self.closed and (word in _DATED or self.vocabulary.is_time(word)):
                break  # «13 محافظة يومي 24 و25 نوفمبر»
            if word in self.vocabulary.takes_next and at + 1 < len(words) and self.fits(words[at + 1]):
                at += 2
                continue
            if word in self.vocabulary.others:
                at += 1
                continue
            joined = None if words[at - 1] in self.vocabulary.others else self.joined(at, definite, tanween, plural)
            if joined is not None:
                at = joined
                tanween = sound = False
                continue
            if not self.fits(word) or (word[0] == "و" and word not in self.vocabulary.solid):
                break
            if is_definite(word) != definite:
                if not genitive or definite or at > head + 1:
                    break
                definite = True  # «رجال الشرطة»
            if tanween and not (word.endswith("ا") and len(word) > 3):
                break
            if sound and not word.endswith(("ين", "ون", "ا", "ه")):
                break
            at += 1
        return at

    def fits(self, word: str) -> bool:
        """Whether a word may go on a phrase."""
        if len(word) < 2 or not _is_arabic(word) or word in self.vocabulary.tails:
            return False
        if has_pronoun(word) and word not in self.vocabulary.nouns:
            return False
        return not self.vocabulary.ends_phrase(word)

    def joined(self, at: int, definite: bool, tanween: bool, plural: bool) -> int | None:
        """The token after a noun that «و» or «أو» joins to the phrase, where a token opens such a noun."""
        word = self.words[at]
        if word in self.vocabulary.solid:
            return None
        if word in {"و", "او"}:
            noun, at = (self.words[at + 1] if at + 1 < len(self.words) else ""), at + 1
        elif word[0] == "و" and len(word) > 3:
            noun = word[1:]
        else:
            return None
        if at in self.closed or not self.numbers.isdisjoint(range(at, at + 4)):
            return None
        if not self.fits(noun) or noun in self.vocabulary.events or is_definite(noun) != definite:
            return None
        if self.vocabulary.is_dual(noun):
            return None
        if noun[0] in "يتن" and noun not in self.vocabulary.nouns and not noun.endswith(("ه", "ات", "ين", "ا")):
            return None
        if (tanween and not noun.endswith(("ا", "ه"))) or (plural and not is_plural(noun)):
            return None
        return at + 1


def _is_arabic(word: str) -> bool:
    return "ء" <= word[0] <= "ي"


def load_vocabulary(phrases: Path, duals: Path) -> Vocabulary:
    """Read the word lists, folded."""
    table, dual = read_words(phrases, PhraseTable), read_words(duals, DualTable)
    masculine = {*dual.exceptions, *(noun + "ان" for noun in dual.nominatives)}
    for noun in dual.nouns:
        if not noun.endswith("ه"):
            masculine.update(noun + ending for ending in ("ان", "ين"))
    return Vocabulary(
        **structs.asdict(table),
        duals=frozenset(masculine),
        not_feminine=dual.not_feminine,
        not_construct=dual.not_construct,
    )
