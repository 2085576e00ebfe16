"""Mentions of one thing become one entity: by row, by name, by surname, by spelling, by definition in brackets."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from service.extractors.annotations import Entity, Mention
from service.extractors.entities.candidates import Candidate
from service.extractors.entities.gazetteer import Row
from service.text.document import Document
from service.text.normalise import fold

# Letters that transliterations of one foreign sound mix, and those that they add or leave out.
_SOUNDS = str.maketrans("غكقطصثذزظضحخ", "جججتستدسددهه")
_VOWELS = str.maketrans("", "", "اويءه")


class Named(Struct, eq=False):
    """A mention on its way into a cluster: its folded words, article restored, and the row that it was linked to.

    `names` are the words without a ruler's ordinal.
    """

    mention: Candidate
    row: Row | None
    words: tuple[str, ...]
    names: tuple[str, ...]
    group: "Group | None" = None


class Group(Struct, eq=False):
    """Mentions of one thing and the row that it is."""

    type: str
    members: list[Named]
    row: Row | None = None

    def add(self, item: Named) -> None:
        """Take a mention in."""
        item.group = self
        self.members.append(item)
        self.row = self.row or item.row


def cluster(
    doc: Document,
    mentions: Sequence[Candidate],
    rows: Sequence[Row | None],
    holders: Mapping[int, Candidate | None],
    ordinals: Collection[str],
) -> list[Group]:
    """Group mentions, in order; `rows` is parallel to them, `holders` goes from an office's start to the person's.

    A ruler is named too without the last of his words where that is one of `ordinals`.
    """
    named = [_named(doc, mention, row, ordinals) for mention, row in zip(mentions, rows, strict=True)]
    by_key: dict[Hashable, Group] = {}
    offices = _sole_holders(named, holders)
    relatives = _relatives(named)
    fuller: defaultdict[tuple[str, str], list[Named]] = defaultdict(list)  # by type and first or last word, by start
    # Fuller names first, so that the shorter find them.
    for item in sorted(named, key=lambda item: (item.mention.type == "POSITION", -len(item.words), item.mention.start)):
        keys = _keys(item, offices)
        group = next((by_key[key] for key in keys if key in by_key), None) or _nearest_fuller(item, fuller, relatives)
        if group is None:
            group = Group(item.mention.type, [])
        group.add(item)
        for key in keys:
            by_key.setdefault(key, group)
        for word in {item.words[0], item.names[-1]}:
            at = bisect_right(fuller[item.mention.type, word], item.mention.start, key=_start)
            fuller[item.mention.type, word].insert(at, item)
    _merge_definitions(doc, named)
    groups = list(dict.fromkeys(id(item.group) for item in named))
    by_id = {id(item.group): item.group for item in named if item.group is not None}
    for group in by_id.values():
        group.members.sort(key=_start)
    return sorted((by_id[number] for number in groups), key=lambda group: _start(group.members[0]))


def entities(doc: Document, groups: Sequence[Group], holders: Mapping[int, Candidate | None]) -> tuple[Entity, ...]:
    """Groups as entities, numbered in the order of their first mentions. A person has no country."""
    ids = {item.mention.start: f"e{number}" for number, group in enumerate(groups, start=1) for item in group.members}
    return tuple(_entity(doc, group, ids, holders) for group in groups)


def _entity(doc: Document, group: Group, ids: Mapping[int, str], holders: Mapping[int, Candidate | None]) -> Entity:
    first = group.members[0].mention
    nations = [
        item.mention.demonym.country for item in group.members if item.mention.demonym and group.type != "LOCATION"
    ]
    country = group.row.country if group.row else nations[0] if nations else None
    holder = next((found for item in group.members if (found := holders.get(item.mention.start))), None)
    mentions = tuple(
        Mention(doc.span(item.mention.start, item.mention.end), item.mention.confidence) for item in group.members
    )
    return Entity(
        id=ids[first.start],
        type=group.type,
        name=_name(doc, group),
        mentions=mentions,
        wikidata=group.row.wikidata if group.row else None,
        country=None if group.type in {"PERSON", "POSITION"} else country,
        holder=ids.get(holder.start) if holder else None,
        confidence=max(mention.confidence for mention in mentions),
    )


def _name(doc: Document, group: Group) -> str:
    """The fullest mention, normalised, an elided article restored."""
    best = max(group.members, key=lambda item: (len(item.words), -item.mention.start))
    text = " ".join(doc.text[best.mention.start : best.mention.end].split())
    return _restore(text, best.row) if best.mention.elided else text


def _sole_holders(named: Sequence[Named], holders: Mapping[int, Candidate | None]) -> dict[int, Hashable]:
    """Who holds each office, by its mention's start: the text's only holder of it where a mention names none."""
    held = {item.mention.start: _holder_key(holders.get(item.mention.start)) for item in named}
    known: defaultdict[tuple[str, ...], set[Hashable]] = defaultdict(set)
    for item in named:
        if item.mention.type == "POSITION" and held[item.mention.start] is not None:
            known[item.words].add(held[item.mention.start])
    for item in named:
        if item.mention.type == "POSITION" and held[item.mention.start] is None and len(known[item.words]) == 1:
            held[item.mention.start] = next(iter(known[item.words]))
    return held


def _holder_key(holder: Candidate | None) -> Hashable:
    if holder is None:
        return None
    return holder.rows[0].key if holder.rows else ("at", holder.start)


def _keys(item: Named, offices: Mapping[int, Hashable]) -> list[Hashable]:
    mention = item.mention
    if mention.type == "POSITION":
        return [("POSITION", item.words, offices[mention.start])]
    if mention.type == "NATIONALITY" and mention.demonym:
        return [("NATIONALITY", mention.demonym)]
    keys: list[Hashable] = [item.row.key] if item.row else []
    if mention.type == "PERSON" and len(item.words) == 1:
        return keys  # a surname alone may be another's further on: it looks for the nearest fuller name
    return [*keys, (mention.type, item.words), (mention.type, skeleton("".join(item.words)))]


def _relatives(named: Sequence[Named]) -> frozenset[str]:
    """The given names of those who share a surname in the text: alone, such a name says which of them is meant."""
    families: defaultdict[str, set[str]] = defaultdict(set)
    names: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    for item in named:
        if item.mention.type == "PERSON" and len(item.words) > 1:
            families[item.names[-1]].add(item.words[0])
            names[item.words[0]].add(item.names)
    return frozenset(
        given for family in families.values() if len(family) > 1 for given in family if len(names[given]) == 1
    )


def _nearest_fuller(
    item: Named, fuller: Mapping[tuple[str, str], list[Named]], relatives: Collection[str]
) -> Group | None:
    """The group of the nearest fuller name of the same thing: before the mention, else after it."""
    candidates = fuller.get((item.mention.type, item.names[-1]), [])
    if item.mention.type == "ORGANIZATION" and not candidates:
        candidates = fuller.get((item.mention.type, item.words[0]), [])
    at = bisect_right(candidates, item.mention.start, key=_start)
    for other in (*reversed(candidates[max(0, at - 20) : at]), *candidates[at : at + 20]):
        group = other.group
        if (
            group is not None
            and (_is_short_for(item, other) or _is_relative(item, other, relatives))
            and not (item.row and group.row and item.row is not group.row)
        ):
            return group
    return None


def _is_short_for(short: Named, full: Named) -> bool:
    length = len(short.words)
    if short.mention.type == "PERSON":
        return short.words in (full.words[-length:], full.names[-length:])
    if short.mention.type == "ORGANIZATION" and length >= 2 and not short.words[0].endswith("وزاره"):
        return short.words in (full.words[:length], full.words[-length:])
    return False


def _is_relative(short: Named, full: Named, relatives: Collection[str]) -> bool:
    return short.mention.type == "PERSON" and short.words == full.words[:1] and short.words[0] in relatives


def _merge_definitions(doc: Document, named: Sequence[Named]) -> None:
    """«حلف شمال الأطلسي (ناتو)»: one word in brackets right after an organisation is another name of it."""
    for one, two in pairwise(named):
        if {one.mention.type, two.mention.type} != {"ORGANIZATION"} or one.group is two.group or (one.row and two.row):
            continue
        if len(two.words) > 1:
            continue  # in brackets stands as often what the organisation is part of
        between = doc.text[one.mention.end : two.mention.start].replace('"', "").replace("«", "").strip()
        if between == "(" and doc.text[two.mention.end : two.mention.end + 2].strip('"» ').startswith(")"):
            kept, gone = one.group, two.group
            if kept is not None and gone is not None:
                for item in gone.members:
                    kept.add(item)


def _named(doc: Document, mention: Candidate, row: Row | None, ordinals: Collection[str]) -> Named:
    words = _words(doc, mention, row)
    is_ruler = mention.type == "PERSON" and len(words) > 1 and words[-1] in ordinals
    return Named(mention, row, words, words[:-1] if is_ruler else words)


def _words(doc: Document, mention: Candidate, row: Row | None) -> tuple[str, ...]:
    folded = doc.folded[mention.start : mention.end]
    if mention.elided:
        folded = _restore(folded, row)
    return tuple("".join(char if char.isalnum() else " " for char in folded).split()) or (folded,)


def _restore(text: str, row: Row | None) -> str:
    """The name whose article lost its alef to a lam, «لقاعدة», or its own lam too, «لجنة»: its row says which."""
    whole = "ال" + text
    lost_both = row is not None and fold(whole.split()[0]) == fold(row.name.split()[0])
    return whole if lost_both else "ا" + text


def _start(item: Named) -> int:
    return item.mention.start


def skeleton(folded: str) -> str:
    """What spellings of one foreign name share: its consonants, by sound; short ones are returned whole."""
    bones = folded.translate(_SOUNDS).translate(_VOWELS)
    return bones if len(bones) >= 4 and len(folded) >= 6 else folded
