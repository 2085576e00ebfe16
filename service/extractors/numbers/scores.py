"""Numbers set against each other: scores, times, pairs of years, bounds that dates took."""

import re

from service.extractors.annotations import Numeral
from service.extractors.numbers.amounts import read_amount
from service.extractors.numbers.morphology import has_tanween
from service.extractors.numbers.scene import DASHES, Scene

_BASKETS = 40
_HOUR = re.compile(r"(?:[01]?[0-9]|2[0-4])[.][0-5][05]")


def is_score(scene: Scene, numeral: Numeral) -> bool:
    """Whether two small numbers stand about a dash or colon: a score, a time."""
    if numeral.integer_digits is None:
        return False
    if is_set_against(scene, numeral) or is_year_range(scene, numeral):
        return True
    for mark, other in ((numeral.last, numeral.last + 1), (numeral.first - 1, numeral.first - 2)):
        if not 0 <= mark < len(scene.words) or not 0 <= other < len(scene.words) or other not in scene.inside:
            continue
        text = scene.words[other]
        small = text.isdigit() and len(text) <= 2 and numeral.integer_digits <= 2
        after = max(numeral.last, other + 1)
        alone = read_amount(scene, after) is None
        if scene.words[mark] == ":" and text.isdigit():
            timed = scene.touches(mark - 1) and (scene.touches(mark) or alone)
            if timed or (small and alone):
                return True  # «19:45», «20 : 45», but not «مدارج 3: 40 دينارا»
        if scene.words[mark] == "/" and text.isdigit() and {len(text), numeral.integer_digits} == {2}:
            return min(int(text), numeral.value or 0) >= _BASKETS  # «61/79»
        if scene.words[mark] in DASHES and small and alone:
            spaced = not scene.touches(mark - 1) or not scene.touches(mark)
            counted = scene.nouns.after(after, False, definite=False)
            likely = counted is not None and (
                has_tanween(scene.words[counted.first]) or scene.words[counted.first].endswith(("ات", "ين"))
            )
            if not likely or spaced or numeral.value == 0 or text == "0":
                return True
    return False


def is_hours(scene: Scene, numeral: Numeral) -> bool:
    """«08.00 إلى 14.00», with no unit after it."""
    if not _HOUR.fullmatch(scene.doc.text, numeral.start, numeral.end):
        return False
    index = scene.at[numeral.first]
    for other in scene.numerals[max(0, index - 1) : index + 2]:
        between = scene.words[min(numeral.last, other.last) : max(numeral.first, other.first)]
        spans = list(between) in (["الي"], *([dash] for dash in DASHES))
        if spans and _HOUR.fullmatch(scene.doc.text, other.start, other.end):
            return read_amount(scene, max(numeral.last, other.last)) is None
    return False


def is_dated_range(scene: Scene, numeral: Numeral) -> bool:
    """«بين 15 و17 سنة», where dates took the second alone."""
    after = numeral.last
    return (
        after + 1 < len(scene.words) and scene.words[after][0] == "و" and not scene.dated.isdisjoint((after, after + 1))
    )


def is_year_range(scene: Scene, numeral: Numeral) -> bool:
    """«1906 / 1914»."""
    if numeral.integer_digits != 4:
        return False
    for mark, other in ((numeral.last, numeral.last + 1), (numeral.first - 1, numeral.first - 2)):
        years = 0 <= other < len(scene.words) and 0 <= mark < len(scene.words) and scene.words[mark] == "/"
        if years and len(scene.words[other]) == 4 and scene.words[other].isdigit():
            return True
    return False


def is_set_against(scene: Scene, numeral: Numeral) -> bool:
    """«بنتيجة 3 مقابل 1»."""
    words, first, last = scene.words, numeral.first, numeral.last
    if first and words[first - 1] in scene.grammar.refusals.scores and first - 2 in scene.inside:
        return len(words[first - 2]) <= 2 and scene.refused == first - 1
    named = first > 0 and (words[first - 1] == "(" or scene.grammar.refusals.is_result(words[first - 1]))
    scored = last + 1 in scene.inside and words[last] in scene.grammar.refusals.scores and len(words[last + 1]) < 3
    return named and scored


def is_scored(scene: Scene, numeral: Numeral) -> bool:
    """«بنتيجة 3», «مقابل هدف», «بهدف لصفر», and the first bound of a span that dates took («بين 15 و17 سنة»)."""
    words, before, refusals = scene.words, numeral.first - 1, scene.grammar.refusals
    if refusals.is_result(words[before]) and read_amount(scene, numeral.last, numeral) is None:
        phrase = scene.nouns.after(numeral.last, False, definite=False)
        return phrase is None or words[phrase.first] in refusals.goals  # not «نتيجة 3 أخطاء»
    if words[before] in refusals.scores and 0 <= before - scene.refused <= 1:
        return True
    if (
        numeral.value == 0
        and numeral.words
        and (words[numeral.first][0] == "ل" or words[before] in refusals.scores | DASHES)
    ):
        return True
    opened = {words[before], words[before - 1]} & {"بين", "وبين", "مابين"}
    return bool(opened) and is_dated_range(scene, numeral)
