"""Numbers that are labels, addresses, scores, times, list marks or parts of names."""

from itertools import pairwise

from service.extractors.annotations import Numeral
from service.extractors.numbers.amounts import is_currency, read_amount
from service.extractors.numbers.morphology import has_tanween, is_definite
from service.extractors.numbers.scene import DASHES, Scene

_LETTERS = frozenset("اجدسحطصن")
_BASKETS = 40
_LISTING = frozenset(("الي", "،", ",", "و", "او", "-", "/"))


def is_refused(scene: Scene, numeral: Numeral) -> bool:
    """Whether a cardinal is a label, an address, a score or a part of a name."""
    words, before = scene.words, numeral.first - 1
    percent = scene.grammar.percents.longest(words, numeral.first)
    if percent is not None and percent[1] in scene.at:
        return True  # «بالمائة 10»
    if scene.only:
        return is_score(scene, numeral)
    if not numeral.words and (is_address(scene, numeral) or is_glued(scene, numeral) or is_score(scene, numeral)):
        return True
    if before < 0 or numeral.first in scene.openings:
        return not numeral.words and is_list_mark(scene, numeral)
    word = words[before]
    if numeral.last < len(words) and words[numeral.last].startswith("بتوقيت"):
        return True
    if numeral.last < len(words) and words[numeral.last] in {"'", "’"} and not numeral.words:
        return True  # «52'»: a minute of the match
    if word == "(" and numeral.last < len(words) and words[numeral.last] == ")" and (numeral.integer_digits or 9) < 3:
        return True
    if not numeral.words and (word in {".", ":"} or is_dashed(scene, numeral)) and is_list_mark(scene, numeral):
        return True
    refusals = scene.grammar.refusals
    if numeral.integer_digits and numeral.integer_digits > 1 and scene.tokens[numeral.last - 1].text[0] == "0":
        return numeral.integer_digits > 2 or not counts(scene, numeral)  # «007», but not «05 كغ»
    if word.endswith("نتيجه") and read_amount(scene, numeral.last, numeral) is None:
        return True
    if word in refusals.scores and 0 <= before - scene.refused <= 1:
        return True
    if (
        len(word) == 1
        and word in _LETTERS
        and not numeral.words
        and scene.words[numeral.last : numeral.last + 1] != ["من"]
    ):
        return True  # «الطريق السيارة أ 1»
    if word == "من" and not numeral.words and is_label(scene, before):
        return True  # «الفصول من 51 الى 56»
    if "زاءد" in words[numeral.last : numeral.last + 1] or word == "زاءد":
        return True  # «مجموعة 5 زائد 5»
    if words[numeral.last : numeral.last + 1] == ["ام"] or words[numeral.last : numeral.last + 2] == [".", "ام"]:
        return True  # «موجات الأف أم»
    if words[numeral.first] == "الف" and word in refusals.divisions and not read_amount(scene, numeral.last):
        return True  # «القسم الوطني ألف»
    if is_share(scene, numeral) or (words[numeral.first] == "الفا" and read_amount(scene, numeral.last) is None):
        return True  # «جزء بالمائة», «ألفا كوندي» without its hamza
    if word in {"لم", "لن"}:
        return True  # «لم تسع»
    if numeral.value == 0 and numeral.words and (words[numeral.first][0] == "ل" or word in refusals.scores | DASHES):
        return True  # «بهدف لصفر», «هدفين مقابل صفر»
    if {word, words[before - 1]} & {"بين", "وبين", "مابين"} and is_dated_range(scene, numeral):
        return True
    if not numeral.words or word.endswith("رقم"):
        far = before - 1 if word in {":", ".", "°", '"', "«", "ال"} else before
        far_words = words[max(0, before - 3) : before]
        law = any(refusals.is_label(near) or refusals.is_place(near) for near in far_words)
        lawful = word == "عدد" and (law or not counts(scene, numeral))
        listed = scene.refused >= 0 and all(words[near] in _LISTING for near in range(scene.refused, numeral.first))
        listed = listed and not counts(scene, numeral, whole=False)
        place = far >= 0 and refusals.is_place(words[far]) and not counts(scene, numeral, whole=False)
        described = is_described_label(scene, far + 1) and not surely_counts(scene, numeral)
        labelled = is_label(scene, far + 1) or place or described
        if (labelled or lawful or listed) and read_amount(scene, numeral.last, numeral) is None:
            return True
    if numeral.definite and (word in refusals.groups or numeral.value == 0):
        return True
    return "a" <= word[0].lower() <= "z" and not is_currency(scene, before)


def counts(scene: Scene, numeral: Numeral, whole: bool = True) -> bool:
    """Whether a unit or a noun follows a numeral, or «من» and a whole."""
    if read_amount(scene, numeral.last, numeral) is not None:
        return True
    partitive = whole and numeral.last < len(scene.words) and scene.words[numeral.last] == "من"
    return scene.nouns.after(numeral.last + partitive, False, definite=partitive) is not None


def surely_counts(scene: Scene, numeral: Numeral) -> bool:
    """Whether a noun that follows a numeral has the shape of a counted one."""
    phrase = scene.nouns.after(numeral.last, False, definite=False)
    head = "" if phrase is None else scene.words[phrase.first]
    return has_tanween(head) or head.endswith(("ه", "ات", "ين"))


def is_share(scene: Scene, numeral: Numeral) -> bool:
    """«93 جزءا بالمائة», «في الألف»: what a share is of."""
    if numeral.value not in {100, 1000} or not numeral.definite or numeral.last - numeral.first > 1:
        return False
    return scene.words[numeral.first][0] == "ب" or scene.words[numeral.first - 1] == "في"


def is_label(scene: Scene, at: int) -> bool:
    """Whether the word before a token makes a label of it."""
    return at > 0 and scene.grammar.refusals.is_label(scene.words[at - 1])


def is_described_label(scene: Scene, at: int) -> bool:
    """Whether the word before a token is the adjective of a label («الطريق الجهوية 83»)."""
    return at > 1 and is_definite(scene.words[at - 1]) and is_label(scene, at - 1)


def is_glued(scene: Scene, numeral: Numeral) -> bool:
    """Whether letters or a hyphenated word touch the digits: «إف-16», «B52»."""
    before, after = numeral.first - 1, numeral.last
    if before >= 0 and scene.tokens[before].end == scene.tokens[numeral.first].start:
        mark = scene.tokens[before].text
        if mark == "+" and before and before - 1 in scene.inside and _touch(scene, before - 1):
            return True  # «90+7»
        if mark in {"-", "_", "/", ":", "#", "@"}:
            behind = before - 1
            if mark in "_#@" or (behind >= 0 and scene.tokens[behind].end == scene.tokens[before].start):
                return mark != "-" or behind not in scene.inside or is_label(scene, behind)
        if "a" <= mark[-1].lower() <= "z" and not is_currency(scene, before):
            return True
        if mark[-1].isalpha() and before and before - 1 in scene.inside and _touch(scene, before - 1):
            return True  # «إتش5إن9»
        if mark[-1].isalpha() and len(mark) == 1 and mark not in "وفبلكm" and not mark.isascii():
            return True
    if after < len(scene.tokens) and scene.tokens[after].start == numeral.end:
        text = scene.tokens[after].text
        if text in {"*", "#", "+"}:
            return True  # «*195*», «216+»
        if text[0].isalpha() and after + 1 in scene.inside and _touch(scene, after):
            return True
        return "a" <= text[0].lower() <= "z" and read_amount(scene, after, numeral) is None
    return False


def _touch(scene: Scene, left: int) -> bool:
    """Whether a token and the next have nothing in between."""
    return scene.tokens[left].end == scene.tokens[left + 1].start


def is_address(scene: Scene, numeral: Numeral) -> bool:
    """Whether the unspaced stretch around digits is a link, a mail, a version or a telephone number."""
    first, last = numeral.first, numeral.last - 1
    while first > 0 and scene.tokens[first - 1].end == scene.tokens[first].start and numeral.first - first < 12:
        first -= 1
    while (
        last + 1 < len(scene.tokens)
        and scene.tokens[last].end == scene.tokens[last + 1].start
        and last - numeral.last < 12
    ):
        last += 1
    stretch = scene.doc.text[scene.tokens[first].start : scene.tokens[last].end]
    if "://" in stretch or "www." in stretch or "@" in stretch:
        return True
    digits = sum(char.isdigit() for char in stretch)
    marks = sum(char in "./-:" for char in stretch)
    runs = sum(a.isdigit() != b.isdigit() for a, b in pairwise(stretch + " "))
    return (marks >= 2 and runs > 4 and numeral.integer_digits is not None) or (stretch[0] == "+" and digits > 7)


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
        if scene.words[mark] == ":" and text.isdigit():
            alone = read_amount(scene, max(numeral.last, other + 1)) is None
            if len(text) <= 2 and numeral.integer_digits <= 2 and alone:
                return True  # «20 : 45», but not «مدارج 3 : 40 دينارا»
            pair = sorted((mark, other, numeral.first))
            if scene.tokens[pair[0]].end == scene.tokens[pair[1]].start:
                return True
        if scene.words[mark] == "/" and text.isdigit() and {len(text), numeral.integer_digits} == {2}:
            return min(int(text), numeral.value or 0) >= _BASKETS  # «61/79»
        small = text.isdigit() and len(text) <= 2 and numeral.integer_digits <= 2
        if scene.words[mark] in DASHES and small and read_amount(scene, max(numeral.last, other + 1)) is None:
            after = max(numeral.last, other + 1)
            spaced = not _touch(scene, mark - 1) or not _touch(scene, mark)
            counted = scene.nouns.after(after, False, definite=False)
            likely = counted is not None and (
                has_tanween(scene.words[counted.first]) or scene.words[counted.first].endswith(("ات", "ين"))
            )
            if not likely or spaced or numeral.value == 0 or text == "0":
                return True
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
    named = first and any(word in words[first - 1] for word in ("نتيجه", "بواقع", "("))
    scored = last + 1 in scene.inside and words[last] in scene.grammar.refusals.scores and len(words[last + 1]) < 3
    return bool(named) and scored


def is_list_mark(scene: Scene, numeral: Numeral) -> bool:
    """«1- », «2) », «3. » at the head of a line."""
    after = numeral.last
    if numeral.integer_digits is None or numeral.integer_digits > 2 or after >= len(scene.words):
        return False
    touching = after + 1 in scene.inside and scene.tokens[after].end == scene.tokens[after + 1].start
    return (scene.words[after] in {"-", ")", ".", "/", ":", "–"} and not touching) or is_dashed(scene, numeral)


def is_dashed(scene: Scene, numeral: Numeral) -> bool:
    """Whether a lengthening stands after a short number for a dash: «4 ـ حكيم»."""
    short = numeral.integer_digits is not None and numeral.integer_digits < 3 and numeral.last < len(scene.words)
    return short and scene.is_lengthened(numeral.last)
