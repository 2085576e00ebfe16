"""Units of measure: Arabic names, duals and abbreviations to UCUM, with squares, cubes and rates."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from service.extractors.numbers.morphology import duals
from service.extractors.numbers.phrases import Phrases
from service.lexicon import read_toml
from service.text.normalise import fold_form


class UnitForms(Struct, frozen=True, forbid_unknown_fields=True):
    """One unit's names."""

    names: tuple[str, ...]
    plurals: tuple[str, ...]
    symbols: tuple[str, ...]


class UnitRules(Struct, frozen=True, forbid_unknown_fields=True):
    """Words that make a unit of a unit."""

    square: tuple[str, ...]
    cubic: tuple[str, ...]
    hour: tuple[str, ...]
    second: tuple[str, ...]
    below_zero: tuple[str, ...]
    heat: tuple[str, ...]
    scale: tuple[str, ...]


class UnitTable(Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of `units.toml`."""

    length: dict[str, UnitForms]
    mass: dict[str, UnitForms]
    volume: dict[str, UnitForms]
    area: dict[str, UnitForms]
    energy: dict[str, UnitForms]
    data: dict[str, UnitForms]
    temperature: dict[str, UnitForms]
    speed: dict[str, UnitForms]
    rule: UnitRules


class Unit(Struct, frozen=True, gc=False):
    """A unit as it is written: its UCUM code, whether the form is a dual, whether it is a sign rather than a word."""

    code: str
    dimension: str
    dual: bool = False
    symbol: bool = False


class Units(Struct, frozen=True):
    """The units, ready for look-up."""

    phrases: Phrases[Unit]
    squares: Phrases[str]  # powers and rates, to the suffix of the code
    rates: Phrases[str]
    below_zero: Phrases[bool]
    heat: frozenset[str]
    scale: Phrases[bool]

    def read(self, words: Sequence[str], at: int) -> tuple[Unit, int] | None:
        """The unit that starts at a token, with its power and rate, and the token after it."""
        found = self.phrases.longest(words, at)
        if found is None:
            return None
        unit, after = found
        if unit.dimension == "length":
            power = self.squares.longest(words, after)
            if power is not None:
                unit, after = Unit(unit.code + power[0], "area", unit.dual, unit.symbol), power[1]
        if unit.dimension in {"length", "volume", "area", "data"}:
            rate = self.rates.longest(words, after)
            if rate is not None:
                unit, after = Unit(unit.code + rate[0], "rate", unit.dual, unit.symbol), rate[1]
        return unit, after


def load_units(path: Path) -> Units:
    """Read the units and make their duals and accusatives."""
    table = read_toml(path, UnitTable)
    phrases: Phrases[Unit] = Phrases()
    for dimension in ("length", "mass", "volume", "area", "energy", "data", "temperature", "speed"):
        forms_of: dict[str, UnitForms] = getattr(table, dimension)
        for code, forms in forms_of.items():
            for name in forms.names:
                phrases.add(name, Unit(code, dimension))
                phrases.add(name + "ا", Unit(code, dimension))
                for dual in duals(name):
                    phrases.add(dual, Unit(code, dimension, dual=True))
            for plural in forms.plurals:
                phrases.add(plural, Unit(code, dimension))
            for symbol in forms.symbols:
                phrases.add(symbol, Unit(code, dimension, symbol=True))
    powers, rates, below = Phrases[str](), Phrases[str](), Phrases[bool]()
    for suffix, words in (("2", table.rule.square), ("3", table.rule.cubic)):
        for form in words:
            powers.add(form, suffix)
    for suffix, words in (("/h", table.rule.hour), ("/s", table.rule.second)):
        for form in words:
            rates.add(form, suffix)
    for form in table.rule.below_zero:
        below.add(form, True)
    scale = Phrases[bool]()
    for form in table.rule.scale:
        scale.add(form, True)
    return Units(phrases, powers, rates, below, frozenset(map(fold_form, table.rule.heat)), scale)
