"""Every number, spelt by two generators, is read back exactly."""

import random
import re
from collections.abc import Callable
from datetime import date

import pytest
from num2words import num2words

from service.extractors.annotations import Found, Numeral
from service.extractors.models import Models
from service.extractors.numbers import build_numerals
from service.text.document import read

REFERENCE = date(2025, 5, 20)  # a Tuesday

ONES = {
    "masculine": ["", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"],
    "feminine": ["", "واحدة", "اثنتان", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثماني", "تسع", "عشر"],
}
TWO = {
    ("masculine", "nominative"): "اثنان",
    ("masculine", "oblique"): "اثنين",
    ("feminine", "nominative"): "اثنتان",
    ("feminine", "oblique"): "اثنتين",
}
TEEN_ONE = {"masculine": "أحد عشر", "feminine": "إحدى عشرة"}
TEEN_TWO = {
    ("masculine", "nominative"): "اثنا عشر",
    ("masculine", "oblique"): "اثني عشر",
    ("feminine", "nominative"): "اثنتا عشرة",
    ("feminine", "oblique"): "اثنتي عشرة",
}
TENS = {
    "nominative": ["", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"],
    "oblique": ["", "", "عشرين", "ثلاثين", "أربعين", "خمسين", "ستين", "سبعين", "ثمانين", "تسعين"],
}
STEMS = ["", "", "", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثمان", "تسع"]
# Singular, accusative, duals by case, plural; from the largest.
SCALES = (
    (10**12, "تريليون", "تريليونا", {"nominative": "تريليونان", "oblique": "تريليونين"}, "تريليونات"),
    (10**9, "مليار", "مليارا", {"nominative": "ملياران", "oblique": "مليارين"}, "مليارات"),
    (10**6, "مليون", "مليونا", {"nominative": "مليونان", "oblique": "مليونين"}, "ملايين"),
    (10**3, "ألف", "ألفا", {"nominative": "ألفان", "oblique": "ألفين"}, "آلاف"),
)


class Style:
    """The choices of one writer: gender, case, how hundreds are spelt and where «و» stands."""

    def __init__(self, chance: random.Random) -> None:
        self.gender = chance.choice(("masculine", "feminine"))
        self.case = chance.choice(("nominative", "oblique"))
        self.hundred = chance.choice(("مئة", "مائة"))
        self.apart = chance.choice(("", " "))
        self.join = chance.choice((" و", " و "))

    def below_hundred(self, number: int, gender: str) -> str:
        """1 to 99."""
        tens, ones = divmod(number, 10)
        if number == 2:
            return TWO[gender, self.case]
        if number <= 10:
            return ONES[gender][number]
        if number < 20:
            if ones == 1:
                return TEEN_ONE[gender]
            if ones == 2:
                return TEEN_TWO[gender, self.case]
            return f"{ONES[gender][ones]} {'عشر' if gender == 'masculine' else 'عشرة'}"
        words = TENS[self.case][tens]
        return f"{self.below_hundred(ones, gender)}{self.join}{words}" if ones else words

    def hundreds(self, number: int) -> str:
        """That many hundreds."""
        if number == 1:
            return self.hundred
        if number == 2:
            return self.hundred[:-1] + ("تان" if self.case == "nominative" else "تين")
        return f"{STEMS[number]}{self.apart}{self.hundred}"

    def group(self, number: int, gender: str) -> str:
        """1 to 999."""
        hundreds, rest = divmod(number, 100)
        words = [self.hundreds(hundreds)] if hundreds else []
        words += [self.below_hundred(rest, gender)] if rest else []
        return self.join.join(words)

    def spell(self, number: int) -> str:
        """Any number."""
        if number == 0:
            return "صفر"
        words = []
        for scale, singular, accusative, duals, plural in SCALES:
            count, number = divmod(number, scale)
            if count == 1:
                words.append(singular)
            elif count == 2:
                words.append(duals[self.case])
            elif count:
                last = count % 100
                noun = plural if 3 <= last <= 10 else singular if last in (0, 1, 2) else accusative
                words.append(f"{self.group(count, 'masculine')} {noun}")
        if number:
            words.append(self.group(number, self.gender))
        return self.join.join(words)


Read = Callable[[list[str]], list[tuple[str, Numeral]]]


@pytest.fixture(scope="module")
def read_lines() -> Read:
    """Every line of a text with its numerals' lines: pairs of a normalised line and the numeral that fills it."""
    extract = build_numerals(Models())

    def read_all(lines: list[str]) -> list[tuple[str, Numeral]]:
        doc = read("\n".join(lines), REFERENCE)
        return [(doc.text[numeral.start : numeral.end], numeral) for numeral in extract(doc, Found())]

    return read_all


def misread(read_lines: Read, numbers: list[int], spell: Callable[[int], str]) -> list[tuple[int, str]]:
    """The numbers that are not read back as they were spelt, each from a line of one text."""
    lines = [spell(number) for number in numbers]
    found = read_lines(lines)
    if len(found) == len(lines):
        return [(n, line) for n, line, (_, numeral) in zip(numbers, lines, found, strict=True) if numeral.value != n]
    return [
        (n, line) for n, line in zip(numbers, lines, strict=True) if [n] != [x.value for _, x in read_lines([line])]
    ]


def samples() -> list[int]:
    """0 to 10 000, and 20 000 random numbers of up to fifteen digits."""
    chance = random.Random(4)
    return [*range(10_001), *(int(10 ** chance.uniform(0, 15)) for _ in range(20_000))]


def test_reads_back_every_number_in_every_gender_and_case(read_lines: Read) -> None:
    """0 to 10 000 and 20 000 random numbers to 10^15, each in the style of a random writer."""
    chance = random.Random(15)
    assert [] == misread(read_lines, samples(), lambda number: Style(chance).spell(number))


# What num2words writes against the grammar: a scale said twice (101 000 is «مائة و ألف ألف»).
UNGRAMMATICAL = re.compile(r"(ألف|مليون|مليار|تريليون) \1")


def test_reads_back_what_num2words_writes(read_lines: Read) -> None:
    """The same numbers, spelt by num2words, but for the forms that it gets wrong."""
    spelt = {number: num2words(number, lang="ar").strip() for number in samples()}
    grammatical = [number for number in samples() if not UNGRAMMATICAL.search(spelt[number])]
    assert [] == misread(read_lines, grammatical, spelt.__getitem__)
