"""Raw text to a normalised view, with the map between the two.

The view is what extractors read: NFKC by grapheme cluster (UAX #29), without diacritics, tatweel, bidi controls and
zero-width characters, with ASCII digits, and Arabic letters for their Persian and Urdu look-alikes. `fold` goes one
step further, character for character, so that folded text has the same offsets: alef variants become ا, ى becomes ي,
ة becomes ه, and a hamza on و or ي becomes ء. Lexicons pass through both, so nobody lists spelling variants by hand.
"""

import unicodedata
from bisect import bisect_left, bisect_right

import regex
from camel_tools.utils.dediac import dediac_ar
from camel_tools.utils.normalize import (
    normalize_alef_ar,
    normalize_alef_maksura_ar,
    normalize_teh_marbuta_ar,
    normalize_unicode,
)
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
_HAMZA_SEATS = str.maketrans("ؤئ", "ءء")
_TATWEEL = "\u0640"

# What stands for itself in the view, when no mark or tatweel follows: nearly all of an ordinary article.
_PLAIN = regex.compile(r"[\n !-~،؛؟«»“”‘’–—ء-غف-ي]+(?![\p{M}\u0640\u200C\u200D])")
_CLUSTER = regex.compile(r"\X")


class View(Struct, frozen=True, gc=False):
    """Normalised text and where each of its characters comes from.

    Character `i` of `text` was made from `raw[starts[i]:ends[i]]`. Both lists have `len(text)` items and never fall;
    `folded` has the length of `text`.
    """

    text: str
    folded: str
    starts: list[int]
    ends: list[int]

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """Raw offsets of the view's `[start:end]` (`start < end`), widened to whole clusters."""
        return self.starts[start], self.ends[end - 1]

    def from_raw(self, start: int, end: int) -> tuple[int, int]:
        """View offsets of the characters made from `raw[start:end]`, even in part; an empty range if there are none."""
        first = bisect_right(self.ends, start)
        return first, max(first, bisect_left(self.starts, end))


def normalise(raw: str) -> View:
    """Make the view of any Unicode text, in time linear in its length."""
    chars: list[str] = []  # plain runs and single normalised clusters, in order
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(raw):
        match = _PLAIN.match(raw, at)
        if match is not None:
            stop = match.end()
            chars.append(raw[at:stop])
            starts.extend(range(at, stop))
            ends.extend(range(at + 1, stop + 1))
            at = stop
            continue
        cluster = _CLUSTER.match(raw, at)
        assert cluster is not None  # noqa: S101  # \X matches at every offset before the end
        stop = cluster.end()
        out = _normalise_cluster(raw[at:stop])
        before = chars[-1][-1] if chars else ""
        if not out:
            # Tatweel and stray marks lengthen the letter that they touch; invisible characters belong to nothing.
            if before.isalnum() and ends[-1] == at and not _is_invisible(raw[at]):
                ends[-1] = stop
        elif before and (joined := normalize_unicode(before + out)) != before + out:
            # Composes with its neighbour across something that was dropped (Hangul jamo around a bidi mark).
            chars[-1] = chars[-1][:-1] + joined
            del ends[-1]
            starts.extend([starts[-1]] * (len(joined) - 1))
            ends.extend([stop] * len(joined))
        else:
            chars.append(out)
            starts.extend([at] * len(out))
            ends.extend([stop] * len(out))
        at = stop
    text = "".join(chars)
    return View(text, fold(text), starts, ends)


def fold(text: str) -> str:
    """Fold spelling variants of normalised text, one character for one, by CAMeL's normalisers and a hamza table."""
    folded: str = normalize_teh_marbuta_ar(normalize_alef_maksura_ar(normalize_alef_ar(text)))
    return folded.translate(_HAMZA_SEATS)


def fold_form(form: str) -> str:
    """A lexicon's form as it would stand in `View.folded`."""
    return normalise(form).folded


def _normalise_cluster(cluster: str) -> str:
    composed = normalize_unicode(cluster.translate(_LETTERS)).translate(_LETTERS)
    if "\n" in composed:
        return "\n"
    kept = [" " if char.isspace() else char for char in dediac_ar(composed) if not _is_dropped(char)]
    return "".join(kept)


def _is_dropped(char: str) -> bool:
    return char == _TATWEEL or unicodedata.combining(char) != 0 or unicodedata.category(char) in {"Mn", "Me", "Cf"}


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) == "Cf"
