"""Raw text to a normalised view, with the map between the two.

The view is what extractors read: NFKC by grapheme cluster (UAX #29), without diacritics, tatweel, bidi controls and
zero-width characters, with ASCII digits, and Arabic letters for their Persian and Urdu look-alikes. `fold` goes one
step further, character for character, so that folded text has the same offsets: alef variants become ا, ى becomes ي,
ة becomes ه, and a hamza on و or ي becomes ء. Lexicons pass through both, so nobody lists spelling variants by hand.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from functools import lru_cache

import regex
from camel_tools.utils.dediac import dediac_ar
from camel_tools.utils.normalize import normalize_unicode
from msgspec import Struct

# Letters that Arabic typing mixes freely and NFKC leaves alone, digits of two scripts, percent signs, line ends.
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("کڪ", "ك"),
        **dict.fromkeys("یېے", "ي"),
        **dict.fromkeys("ەہھۀۂ", "ه"),
        **dict.fromkeys("\r\x85\u2028\u2029", "\n"),
        **{chr(base + digit): str(digit) for base in (0x0660, 0x06F0) for digit in range(10)},
        "ۃ": "ة",
        "ۓ": "ئ",
        "٪": "%",
        "\u2212": "-",
    }
)
# What CAMeL's normalisers do to alef, its maqsura and the teh marbuta, and a hamza without its seat.
_FOLDED = (("أ", "ا"), ("إ", "ا"), ("آ", "ا"), ("ٱ", "ا"), ("ى", "ي"), ("ة", "ه"), ("ؤ", "ء"), ("ئ", "ء"))
_TATWEEL = "\u0640"

# What stands for itself in the view, when no mark or tatweel follows: nearly all of an ordinary article.
_PLAIN = re.compile(r"[\n !-~،؛؟«»“”‘’–—ء-غف-ي]+")
_JOINER = regex.compile(r"[\p{M}\u0640\u200C\u200D]")
_CLUSTER = regex.compile(r"\X")
_SHORT = 8  # characters of a cluster that is remembered


class View(Struct, frozen=True, gc=False):
    """Normalised text and where each of its characters comes from.

    `folded` has the length of `text`. Stretch `k` of both is `[at[k]:at[k + 1]]`: where `stops[k]` is 0 it stands in
    the raw text from `raw[k]` on, character for character; else each of its characters was made from
    `[raw[k]:stops[k]]`. All but the zeros never fall; `at` has one more item, the text's length.
    """

    text: str
    folded: str
    at: list[int]
    raw: list[int]
    stops: list[int]

    def start_of(self, place: int) -> int:
        """Where the raw characters of the view's character at `place` begin."""
        k = bisect_right(self.at, place) - 1
        return self.raw[k] if self.stops[k] else self.raw[k] + place - self.at[k]

    def end_of(self, place: int) -> int:
        """Where the raw characters of the view's character at `place` end."""
        k = bisect_right(self.at, place) - 1
        return self.stops[k] or self.raw[k] + place - self.at[k] + 1

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """Raw offsets of the view's `[start:end]` (`start < end`), widened to whole clusters."""
        return self.start_of(start), self.end_of(end - 1)

    def from_raw(self, start: int, end: int) -> tuple[int, int]:
        """View offsets of the characters made from `raw[start:end]`, even in part; an empty range if there are none."""
        k = bisect_left(self.raw, start) - 1
        while k >= 0 and self.stops[k] > start:
            k -= 1
        first = self._past(k, start)
        return first, max(first, self._past(bisect_left(self.raw, end) - 1, end))

    def _past(self, k: int, raw: int) -> int:
        """How many characters stretches up to `k` have before a raw offset."""
        if k < 0:
            return 0
        return self.at[k + 1] if self.stops[k] else min(self.at[k + 1], self.at[k] + raw - self.raw[k])


class _Making:
    """A view in the making: what is known of every stretch."""

    def __init__(self) -> None:
        self.chars: list[str] = []
        self.at: list[int] = []
        self.raw: list[int] = []
        self.stops: list[int] = []
        self.length = 0  # characters so far
        self.end = 0  # raw characters that they come from

    def add(self, chars: str, raw: int, stop: int, *, plain: bool) -> None:
        """One more stretch, made from `[raw:stop]`."""
        self.chars.append(chars)
        self.at.append(self.length)
        self.raw.append(raw)
        self.stops.append(0 if plain else stop)
        self.length += len(chars)
        self.end = stop

    def widen(self, stop: int) -> None:
        """Let the last character end at raw `stop`."""
        last = self.length - 1
        if self.at[-1] < last:  # it gets a stretch of its own
            self.raw.append(self.raw[-1] if self.stops[-1] else self.raw[-1] + last - self.at[-1])
            self.at.append(last)
            self.stops.append(stop)
        self.stops[-1] = self.end = stop

    def join(self, chars: str, stop: int) -> None:
        """Put characters in the last one's place."""
        self.widen(stop)
        self.chars[-1] = self.chars[-1][:-1] + chars
        self.length += len(chars) - 1


def normalise(raw: str) -> View:
    """Make the view of any Unicode text, in time linear in its length."""
    if _PLAIN.fullmatch(raw):  # as nearly every form of a lexicon
        return View(raw, fold(raw), [0, len(raw)], [0], [0])
    made = _Making()
    at = 0
    while at < len(raw):
        match = _PLAIN.match(raw, at)
        stop = match.end() if match is not None else at
        if stop > at and _JOINER.match(raw, stop):
            stop -= 1  # the mark's letter goes with it
        if stop > at:
            made.add(raw[at:stop], at, stop, plain=True)
            at = stop
            continue
        cluster = _CLUSTER.match(raw, at)
        assert cluster is not None  # noqa: S101  # \X matches at every offset before the end
        stop = cluster.end()
        out = _remembered(raw[at:stop]) if stop - at <= _SHORT else _normalise_cluster(raw[at:stop])
        before = made.chars[-1][-1] if made.chars else ""
        if not out:
            # Tatweel and stray marks lengthen the letter that they touch; invisible characters belong to nothing.
            if before.isalnum() and made.end == at and not _is_invisible(raw[at]):
                made.widen(stop)
        elif before and (joined := normalize_unicode(before + out)) != before + out:
            # Composes with its neighbour across something that was dropped (Hangul jamo around a bidi mark).
            made.join(joined, stop)
        else:
            made.add(out, at, stop, plain=False)
        at = stop
    text = "".join(made.chars)
    return View(text, fold(text), [*made.at, made.length], made.raw, made.stops)


def fold(text: str) -> str:
    """Fold spelling variants of normalised text, one character for one: CAMeL's normalisers, and hamza's seats."""
    for letter, folded in _FOLDED:
        text = text.replace(letter, folded)
    return text


def fold_form(form: str) -> str:
    """A lexicon's form as it would stand in `View.folded`."""
    return normalise(form).folded


def _normalise_cluster(cluster: str) -> str:
    composed = normalize_unicode(cluster.translate(_LETTERS)).translate(_LETTERS)
    if "\n" in composed:
        return "\n"
    kept = [" " if char.isspace() else char for char in dediac_ar(composed) if not _is_dropped(char)]
    return "".join(kept)


_remembered = lru_cache(maxsize=1 << 12)(_normalise_cluster)


def _is_dropped(char: str) -> bool:
    return char == _TATWEEL or unicodedata.combining(char) != 0 or unicodedata.category(char) in {"Mn", "Me", "Cf"}


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) == "Cf"
