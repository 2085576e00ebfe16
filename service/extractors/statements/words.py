"""The small words around a report."""

from pathlib import Path

from msgspec import Struct, structs

from service.lexicon import read_toml
from service.text.normalise import fold_form


class _Tables(Struct, frozen=True, forbid_unknown_fields=True):
    """words.toml; each table's comment there says what it is for."""

    complementisers: frozenset[str]
    not_reporting: frozenset[str]
    denied: frozenset[str]
    past_only: frozenset[str]
    prepositions: frozenset[str]
    attached: frozenset[str]
    excursions: frozenset[str]
    relatives: frozenset[str]
    links: frozenset[str]
    leaders: frozenset[str]
    auxiliaries: frozenset[str]
    times: frozenset[str]
    time_units: frozenset[str]
    time_adjectives: frozenset[str]
    belonging: frozenset[str]
    adverbials: frozenset[str]
    native: frozenset[str]
    pronouns: frozenset[str]
    occasions: frozenset[str]
    titles: frozenset[str]
    placed: frozenset[str]
    sources: frozenset[str]
    documents: frozenset[str]
    publishes: frozenset[str]
    media: frozenset[str]
    institutions: frozenset[str]
    quantities: frozenset[str]
    bound: frozenset[str]
    adjectives: frozenset[str]
    nouns_in_i: frozenset[str]
    contents: frozenset[str]
    acts_supports: frozenset[str]
    acts_condemns: frozenset[str]
    acts_expects: frozenset[str]
    acts_demands: frozenset[str]
    acts_promises: frozenset[str]
    attitudes: frozenset[str]
    impersonal: frozenset[str]
    breaks: frozenset[str]
    collectives: frozenset[str]
    charged: frozenset[str]
    posts: frozenset[str]
    reporters: frozenset[str]
    demonstratives: frozenset[str]
    copulas: frozenset[str]
    asides: frozenset[str]
    according: frozenset[str]
    according_pronoun: frozenset[str]
    according_heads: frozenset[str]
    addressed: frozenset[str]
    attributive: frozenset[str]


class Words(_Tables, frozen=True):
    """The tables with every form folded, and what they say together."""

    predicates: frozenset[str]  # what ends a subject: relatives, negations, copulas


def load_words(path: Path) -> Words:
    """The small words, folded."""
    raw = structs.asdict(read_toml(path, _Tables))
    tables = {table: frozenset(fold_form(form) for form in forms) for table, forms in raw.items()}
    names = ("relatives", "denied", "past_only", "copulas")
    predicates = frozenset[str]().union(*(tables[name] for name in names))
    tables["attitudes"] = tables["attitudes"].union(*(tables[name] for name in tables if name.startswith("acts_")))
    return Words(**tables, predicates=predicates)
