"""Currencies: names, symbols and minor units to ISO 4217, and whose دينار it is."""

from collections.abc import Sequence
from pathlib import Path

from babel import Locale
from babel.numbers import get_currency_name
from msgspec import Struct

from service.extractors.numbers.morphology import duals, singular_stem
from service.extractors.numbers.phrases import Phrases
from service.lexicon import read_toml

# Currencies whose minor unit is a thousandth: «1.500 دينار» may be one and a half.
THOUSANDTHS = frozenset(("TND", "KWD", "BHD", "JOD", "LYD", "IQD", "OMR"))
# Tokens within which a place says whose currency it is; fewer where the region has one of that name too.
_NEARBY = 40
_ADJACENT = 5


class Family(Struct, frozen=True, forbid_unknown_fields=True):
    """A name that several countries' currencies share."""

    names: tuple[str, ...]
    plurals: tuple[str, ...]
    members: dict[str, str]
    default: str | None = None


class Minor(Struct, frozen=True, forbid_unknown_fields=True):
    """A minor unit, and how many of it make one of each currency."""

    names: tuple[str, ...]
    plurals: tuple[str, ...]
    per: dict[str, int]


class Scaled(Struct, frozen=True, forbid_unknown_fields=True):
    """An abbreviation of a scale and a family."""

    forms: tuple[str, ...]
    family: str
    times: int


class Country(Struct, frozen=True, forbid_unknown_fields=True):
    """The places and adjectives that name a country."""

    places: tuple[str, ...]
    adjectives: tuple[str, ...]


class CurrencyTable(Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of `currencies.toml`."""

    families: dict[str, Family]
    names: dict[str, tuple[str, ...]]
    symbols: dict[str, tuple[str, ...]]
    scaled: dict[str, Scaled]
    minor: dict[str, Minor]
    countries: dict[str, Country]


class Currency(Struct, frozen=True, gc=False):
    """A currency as it is written: a code, or the family or minor unit that stands for several."""

    code: str | None = None
    family: str | None = None
    minor: str | None = None
    dual: bool = False
    symbol: bool = False
    times: int = 1


class Money(Struct, frozen=True):
    """The currencies, ready for look-up."""

    phrases: Phrases[Currency]
    families: dict[str, Family]
    minors: dict[str, Minor]
    adjectives: Phrases[str]  # to country
    places: Phrases[str]
    country_of: dict[str, str]  # currency to country

    def read(self, words: Sequence[str], at: int) -> tuple[Currency, int] | None:
        """The currency that starts at a token, with its adjective, and the token after it."""
        found = self.phrases.longest(words, at)
        if found is None:
            return None
        currency, after = found
        if currency.family is not None and after < len(words):
            country = self.adjectives.longest(words, after, singular_stem(words[after]))
            codes = {home: code for code, home in self.families[currency.family].members.items()}
            if country is not None and country[0] in codes:
                return Currency(code=codes[country[0]], dual=currency.dual), country[1]
        return currency, after

    def resolve(self, currency: Currency, words: Sequence[str], at: int, region: str | None) -> tuple[str | None, int]:
        """The code of a currency written at a token, and how many of the unit make one of it; None while ambiguous."""
        if currency.code is not None:
            return currency.code, 1
        if currency.minor is not None:
            per = self.minors[currency.minor].per
            code = self._settled({code: self.country_of.get(code, "") for code in per}, words, at, region)
            code = code or next(iter(per))
            return code, per[code]
        family = self.families[currency.family or ""]
        if family.default is not None:
            return family.default, 1
        home = next((code for code, country in family.members.items() if country == region), None)
        if currency.times != 1 and home is not None:
            return home, 1  # «م د» is the press's own money
        return self._settled(family.members, words, at, region), 1

    def _settled(self, members: dict[str, str], words: Sequence[str], at: int, region: str | None) -> str | None:
        codes: dict[str, str] = {country: code for code, country in members.items() if country}
        reach = _NEARBY if region not in codes else _ADJACENT
        named = [
            (abs(near - at), country)
            for near in range(max(0, at - reach), min(len(words), at + reach))
            if (country := self.country_at(words, near)) and country in codes
        ]
        return codes[min(named)[1]] if named else codes.get(region or "")

    def country_at(self, words: Sequence[str], at: int) -> str:
        """The country that a token names, by place or adjective; empty where it names none."""
        word = words[at]
        for form in (word, word[1:] if word[0] in "وفبلك" and len(word) > 3 else word):
            place = self.places.longest(words, at, form)
            if place is not None:
                return place[0]
            if form.startswith(("ال", "لل")):
                adjective = self.adjectives.longest(words, at, singular_stem(form))
                if adjective is not None:
                    return adjective[0]
        return ""


def load_money(path: Path) -> Money:
    """Read the currencies, and CLDR's names of all the others, and make their duals and accusatives."""
    table = read_toml(path, CurrencyTable)
    phrases: Phrases[Currency] = Phrases()
    for code, forms in (*table.names.items(), *table.symbols.items()):
        for form in forms:
            phrases.add(form, Currency(code=code, symbol=code in table.symbols and form in table.symbols[code]))
    for key, family in table.families.items():
        _add_nouns(phrases, family.names, family.plurals, Currency(family=key), Currency(family=key, dual=True))
    for scaled in table.scaled.values():
        for form in scaled.forms:
            phrases.add(form, Currency(family=scaled.family, symbol=True, times=scaled.times))
    for key, minor in table.minor.items():
        _add_nouns(phrases, minor.names, minor.plurals, Currency(minor=key), Currency(minor=key, dual=True))
    for iso in map(str, Locale("ar").currencies):
        for count in (None, 1, 2, 3, 11):
            name = get_currency_name(iso, count=count, locale="ar")
            if " " in name and "(" not in name:
                phrases.add(name, Currency(code=iso, dual=count == 2 and name.split(" ")[0].endswith("ان")))
    adjectives, places = Phrases[str](), Phrases[str]()
    for key, names in table.countries.items():
        for adjective in names.adjectives:
            adjectives.add(adjective, key)
        for place in names.places:
            places.add(place, key)
    homes = {code: home for family in table.families.values() for code, home in family.members.items()}
    return Money(phrases, table.families, table.minor, adjectives, places, homes)


def _add_nouns(
    phrases: Phrases[Currency], names: tuple[str, ...], plurals: tuple[str, ...], one: Currency, two: Currency
) -> None:
    for name in names:
        phrases.add(name, one)
        phrases.add(name + "ا", one)
        for dual in duals(name):
            phrases.add(dual, two)
    for plural in plurals:
        phrases.add(plural, one)
