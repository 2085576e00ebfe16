"""Numbers that are labels, addresses, scores, times, list marks or parts of names."""

import re
from itertools import pairwise

from service.extractors.annotations import Numeral
from service.extractors.numbers.amounts import is_currency, read_amount
from service.extractors.numbers.morphology import has_tanween, is_definite
from service.extractors.numbers.scene import Scene
from service.extractors.numbers.scores import is_hours, is_score, is_scored

_LETTERS = frozenset("اجدسحطصن")
_BEFORE_LABELLED = frozenset((":", ".", "°", '"', "«", "ال"))
_BRACKETS = re.compile(r"\([^()]{,40}\)")
_LISTING = frozenset(("الي", "،", ",", "و", "او", "-", "/"))


def is_refused(scene: Scene, numeral: Numeral) -> bool:
    """Whether a cardinal is a label, an address, a score or a part of a name."""
    percent = scene.grammar.percents.longest(scene.words, numeral.first)
    if percent is not None and percent[1] in scene.at:
        return True  # «بالمائة 10»
    if scene.only:
        return is_score(scene, numeral)
    if not numeral.words and (is_address(scene, numeral) or is_glued(scene, numeral) or is_score(scene, numeral)):
        return True
    if numeral.first == 0 or numeral.first in scene.openings:
        return not numeral.words and is_list_mark(scene, numeral)
    alone = is_other_word(scene, numeral) if numeral.words else is_marked(scene, numeral)
    return alone or is_scored(scene, numeral) or is_named(scene, numeral)


def is_other_word(scene: Scene, numeral: Numeral) -> bool:
    """Whether number words are a letter, a wave, a verb, a name or the whole of a share."""
    word, first, after = scene.words[numeral.first - 1], scene.words[numeral.first], following(scene, numeral, 2)
    if first in {"الف", "الفا"} and read_amount(scene, numeral.last) is None:
        return first == "الفا" or word in scene.grammar.refusals.divisions  # «القسم الوطني ألف», «ألفا كوندي»
    if after[:1] == ["ام"] or after == [".", "ام"]:
        return True  # «موجات الأف أم»
    return is_share(scene, numeral) or word in {"لم", "لن"}  # «جزء بالمائة», «لم تسع»


def is_marked(scene: Scene, numeral: Numeral) -> bool:
    """Whether the marks and letters around digits make them a minute, a list's mark, a letter's number."""
    word, after = scene.words[numeral.first - 1], following(scene, numeral)
    if after in (["'"], ["’"]) or (word == "(" and after == [")"] and (numeral.integer_digits or 9) < 3):
        return True  # «52'»: a minute of the match
    if is_hours(scene, numeral):
        return True
    if (word in {".", ":"} or is_dashed(scene, numeral)) and is_list_mark(scene, numeral):
        return True
    digits = numeral.integer_digits or 0
    if digits > 1 and scene.tokens[numeral.last - 1].text[0] == "0" and (digits > 2 or not counts(scene, numeral)):
        return True  # «007», but not «05 كغ»
    if after in (["ث"], ["د"]) and "ث" in following(scene, numeral, 4):
        return True  # «9 د و28 ث»
    if word in _LETTERS and after != ["من"]:
        return True  # «الطريق السيارة أ 1»
    return word == "من" and is_label(scene, numeral.first - 1)  # «الفصول من 51 الى 56»


def is_named(scene: Scene, numeral: Numeral) -> bool:
    """Whether what stands before a number makes it the label or a part of a name."""
    words, before, refusals = scene.words, numeral.first - 1, scene.grammar.refusals
    word = words[before]
    if following(scene, numeral)[:1] == ["من"] and refusals.is_law(following(scene, numeral, 2)[-1]):
        return not numeral.words  # «و32 من المجلة الجزائية»
    if "زاءد" in (word, *following(scene, numeral)) or following(scene, numeral, 1)[:1] == ["بتوقيت"]:
        return True  # «مجموعة 5 زائد 5»
    if (not numeral.words or word.endswith("رقم")) and is_labelled(scene, numeral):
        return True
    if numeral.definite and (word in refusals.groups or numeral.value == 0):
        return True  # «مجموعة السبع»
    return "a" <= word[0].lower() <= "z" and not is_currency(scene, before)


def is_labelled(scene: Scene, numeral: Numeral) -> bool:
    """«المادة 5», «قانون عدد 12», «الجولة 21», «الطريق الجهوية 83», and what is listed after them."""
    words, refusals, before = scene.words, scene.grammar.refusals, numeral.first - 1
    if read_amount(scene, numeral.last, numeral) is not None:
        return False
    far = before - 1 if words[before] in _BEFORE_LABELLED else before
    if is_label(scene, far + 1) or (is_described_label(scene, far + 1) and not surely_counts(scene, numeral)):
        return True
    counted = counts(scene, numeral, whole=False)
    if far >= 0 and refusals.is_place(words[far]) and not counted:
        return True
    if words[before] == "عدد":
        law = any(refusals.is_label(near) or refusals.is_place(near) for near in words[max(0, before - 3) : before])
        return law or not counts(scene, numeral)
    return is_listed(scene, numeral) and not counted


def is_listed(scene: Scene, numeral: Numeral) -> bool:
    """Whether nothing but a list's marks and brackets part a number from the last that was refused."""
    if scene.refused < 0:
        return False
    between = " ".join(scene.words[scene.refused : numeral.first])
    return set(_BRACKETS.sub("", between).split()) <= _LISTING


def following(scene: Scene, numeral: Numeral, count: int = 1) -> list[str]:
    """The words after a numeral."""
    return list(scene.words[numeral.last : numeral.last + count])


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
        if mark == "+" and before and before - 1 in scene.inside and scene.touches(before - 1):
            return True  # «90+7»
        if mark in {"-", "_", "/", ":", "#", "@"}:
            behind = before - 1
            if mark in "_#@" or (behind >= 0 and scene.tokens[behind].end == scene.tokens[before].start):
                return mark != "-" or behind not in scene.inside or is_label(scene, behind)
        if "a" <= mark[-1].lower() <= "z" and not is_currency(scene, before):
            return True
        if mark[-1].isalpha() and before and before - 1 in scene.inside and scene.touches(before - 1):
            return True  # «إتش5إن9»
        if mark[-1].isalpha() and len(mark) == 1 and mark not in "وفبلكm" and not mark.isascii():
            return True
    if after < len(scene.tokens) and scene.tokens[after].start == numeral.end:
        text = scene.tokens[after].text
        if text in {"*", "#", "+"}:
            return True  # «*195*», «216+»
        if text[0].isalpha() and after + 1 in scene.inside and scene.touches(after):
            return True
        return "a" <= text[0].lower() <= "z" and read_amount(scene, after, numeral) is None
    return False


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
