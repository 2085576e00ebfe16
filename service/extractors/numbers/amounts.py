"""Percents, units and money: what a number is an amount of, before it or after it."""

from msgspec import structs

from service.extractors.annotations import Numeral
from service.extractors.numbers.money import THOUSANDTHS
from service.extractors.numbers.scene import Amount, Draft, Scene, tidy
from service.terms import Number
from service.text.clitics import cuts

_QUOTES = {'"': '"', "«": "»", "“": "”"}


def read_amount(scene: Scene, at: int, numeral: Numeral | None = None) -> Amount | None:
    """The percent sign, unit or currency at a token, on the same line."""
    if at >= len(scene.words) or at in scene.openings:
        return None
    if scene.words[at] in _QUOTES and at + 2 < len(scene.words) and scene.words[at + 2] == _QUOTES[scene.words[at]]:
        quoted = read_amount(scene, at + 1, numeral)  # «25 "دولار"»
        if quoted is not None and quoted.next == at + 2:
            return structs.replace(quoted, next=at + 3)
    percent = scene.grammar.percents.longest(scene.words, at)
    if percent is not None:
        if percent[0] == "‰":
            return Amount("percent", "%", percent[1], 10, "percent")
        return Amount("percent", percent[0], percent[1], rule="percent")
    unit = scene.grammar.units.read(scene.words, at)
    money = scene.grammar.money.read(scene.words, at)
    if unit is not None and (money is None or unit[1] >= money[1]):
        if unit[0].symbol and not is_symbol(scene, at, unit[1], numeral):
            return None
        if unit[0].code == "deg" and scene.grammar.units.scale.longest(scene.words, unit[1]) is not None:
            return None  # «5.6 درجة على مقياس ريختر»
        return Amount("measure", unit[0].code, unit[1], rule="measure")
    if scene.words[at] == "د" and "ث" in scene.words[at + 1 : at + 4]:
        return None  # «9 د و28 ث»
    if money is not None:
        code, divisor = scene.grammar.money.resolve(money[0], scene.words, at, scene.doc.region)
        return Amount("money", code, money[1], divisor, "money", money[0].times)
    return None


def is_symbol(scene: Scene, at: int, after: int, numeral: Numeral | None) -> bool:
    """Whether an abbreviation stands as one: after digits, and not the head of a longer word."""
    if numeral is not None and numeral.words and len(scene.words[at]) == 1:
        return False
    if after < len(scene.tokens) and scene.tokens[after - 1].end == scene.tokens[after].start:
        return not scene.words[after].isalnum()
    return True


def amounted(scene: Scene, draft: Draft, amount: Amount, index: int) -> Draft:
    """A number with its unit, and the smaller unit or fraction that is added to it."""
    numeral = scene.numerals[index]
    value, low, high = draft.value, draft.low, draft.high
    if amount.unit in THOUSANDTHS and amount.divisor == 1 and numeral.decimal is not None and value == numeral.value:
        value = tidy(numeral.decimal) if round(numeral.decimal / numeral.scale * 1000) % 1000 else value
    if amount.kind == "percent" and numeral.decimal is not None and value == numeral.value:
        value = tidy(numeral.decimal) if round(numeral.decimal * 1000) % 100 else value  # «5.625 بالمائة»
    if amount.divisor != 1 or amount.times != 1:
        value, low, high = (None if x is None else tidy(x * amount.times / amount.divisor) for x in (value, low, high))
    after = amount.next
    if amount.kind in {"money", "measure"} and value is not None:
        value, after = with_rest(scene, value, amount, after, numeral.scale)
    if amount.kind == "measure" and value is not None:
        below = scene.grammar.units.below_zero.longest(scene.words, after)
        if below is not None:
            value, after = -value, below[1]
    draft = structs.replace(
        draft,
        kind=amount.kind,
        unit=warmth(scene, amount.unit, draft.first),
        value=value,
        low=low,
        high=high,
        next=after,
        end=scene.tokens[after - 1].end,
        rule=amount.rule,
    )
    if amount.kind == "measure" and amount.unit in {"Cel", "deg", "[degF]"}:
        draft = with_minus(scene, draft)
    return draft


def with_rest(scene: Scene, value: Number, amount: Amount, at: int, scale: int = 1) -> tuple[Number, int]:
    """«خمسة دراهم وخمسين فلس», «مليارا دينار ونصف»: the value with what «و» adds, and the token after."""
    joined = scene.joined(at)
    if joined is None or joined not in scene.at:
        return value, at
    numeral = scene.numerals[scene.at[joined]]
    if numeral.value is None or numeral.ordinal or numeral.definite:
        return value, at
    if 0 < numeral.value < 1 and numeral.words:
        return tidy(value + numeral.value * scale), numeral.last
    if amount.kind != "money" or amount.divisor != 1:
        return value, at
    money = scene.grammar.money.read(scene.words, numeral.last)
    if money is None or money[0].minor is None:
        return value, at
    per = scene.grammar.money.minors[money[0].minor].per
    divisor = per.get(amount.unit or "") or next(iter(per.values()))
    return tidy(value + numeral.value / divisor), money[1]


def one_and(scene: Scene, numeral: Numeral) -> Draft | None:
    """«لتر ونصف», «درهم وخمسين فلس»: one of a unit that is not said to be one, and what «و» adds to it."""
    at = numeral.first - (1 if numeral.first and scene.words[numeral.first - 1] == "و" else 0)
    if scene.joined(at) != numeral.first or numeral.value is None:
        return None
    for length in (2, 1):
        unit = at - length
        if unit < 0 or unit in scene.inside or unit in scene.used:
            continue
        for cut in cuts(scene.words[unit]):
            amount = amount_of(scene, [cut.rest, *scene.words[unit + 1 : at]], unit)
            if amount is None or amount.divisor != 1:
                continue
            value, after = with_rest(scene, 1, amount, at)
            if after > at:
                place = (scene.tokens[unit].start + cut.length, scene.tokens[after - 1].end)
                return Draft(amount.kind, *place, unit, after, place, value, unit=amount.unit, rule="one_and")
    return None


def amount_of(scene: Scene, words: list[str], at: int) -> Amount | None:
    """The unit or currency, in the singular and no sign, that some words name whole; they stand at a token."""
    unit = scene.grammar.units.read(words, 0)
    if unit is not None and unit[1] == len(words) and not unit[0].symbol and not unit[0].dual:
        return Amount("measure", unit[0].code, at + unit[1])
    money = scene.grammar.money.read(words, 0)
    if money is None or money[1] != len(words) or money[0].symbol or money[0].dual:
        return None
    code, divisor = scene.grammar.money.resolve(money[0], scene.words, at, scene.doc.region)
    return Amount("money", code, at + money[1], divisor)


def warmth(scene: Scene, unit: str | None, at: int) -> str | None:
    """Degrees are Celsius where the clause speaks of heat."""
    if unit != "deg":
        return unit
    near = range(max(0, at - 80), min(len(scene.words), at + 10))
    return "Cel" if any(scene.words[index] in scene.grammar.units.heat for index in near) else unit


def with_minus(scene: Scene, draft: Draft) -> Draft:
    """«- 2 درجة»: a sign apart from its number, where a temperature is said."""
    before = draft.first - 1
    opening = before <= 0 or not scene.tokens[before - 1].text[-1].isalnum()
    if before < 0 or scene.words[before] != "-" or not opening or draft.value is None or draft.value < 0:
        return draft
    start = scene.tokens[before].start
    return structs.replace(draft, value=-draft.value, first=before, start=start, number=(start, draft.number[1]))


def prefixed(scene: Scene, draft: Draft) -> Draft | None:
    """«$10», «%5», «USD 20», «بالمائة 10»: the unit before its number."""
    if scene.numerals[scene.at[draft.first]].words:
        return None
    for length in (2, 1):
        first = draft.first - length
        if first < 0 or (first > 0 and (first - 1 in scene.inside) and length == 1 and scene.words[first] == "%"):
            continue
        percent = scene.grammar.percents.longest(scene.words, first)
        money = scene.grammar.money.phrases.longest(scene.words, first)
        if percent is not None and percent[1] == draft.first and percent[0] == "%":
            kind, unit = "percent", "%"
        elif money is not None and money[1] == draft.first and money[0].symbol:
            kind, unit = "money", money[0].code or ""
        else:
            continue
        if not scene.used.isdisjoint(range(first, draft.first)):
            continue
        start = scene.tokens[first].start
        return structs.replace(draft, kind=kind, unit=unit, first=first, start=start, rule=f"{kind}_before")
    return None


def is_currency(scene: Scene, at: int) -> bool:
    """Whether a Latin token is a currency's code."""
    money = scene.grammar.money.phrases.longest(scene.words, at)
    return money is not None and money[0].symbol
