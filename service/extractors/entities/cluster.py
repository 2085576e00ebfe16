"""Mentions of one thing become one entity: by row, by name, by surname, by spelling, by definition in brackets."""

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from service.extractors.annotations import Entity, Mention
from service.extractors.entities.candidates import Candidate
from service.extractors.entities.gazetteer import Row
from service.text.document import Document


class Named(Struct):
    """A mention on its way into a cluster: its folded words, article restored, and the row that it was linked to."""

    mention: Candidate
    row: Row | None
    words: tuple[str, ...]
    cluster: int = -1


class Cluster(Struct):
    """Mentions of one thing, in order, and the row that it is."""

    type: str
    members: list[Named]
    row: Row | None = None


def cluster(doc: Document, mentions: Sequence[Candidate], rows: Sequence[Row | None]) -> list[Cluster]:
    """Group mentions, in order, into clusters; both sequences are parallel."""
    named = [Named(mention, row, _words(doc, mention)) for mention, row in zip(mentions, rows, strict=True)]
    clusters: list[Cluster] = []
    by_key: dict[object, int] = {}
    # Fuller names first, so that the shorter find them; a shorter name then joins the nearest one before it.
    for item in sorted(named, key=lambda item: (-len(item.words), item.mention.start)):
        for key in _keys(item):
            if key in by_key:
                item.cluster = by_key[key]
                break
        else:
            item.cluster = _fuller(item, clusters)
        if item.cluster < 0:
            item.cluster = len(clusters)
            clusters.append(Cluster(item.mention.type, []))
        found = clusters[item.cluster]
        found.members.append(item)
        found.row = found.row or item.row
        for key in _keys(item):
            by_key.setdefault(key, item.cluster)
    _merge_definitions(doc, named, clusters)
    for group in clusters:
        group.members.sort(key=lambda item: item.mention.start)
    return sorted((group for group in clusters if group.members), key=lambda group: group.members[0].mention.start)


def _keys(item: Named) -> list[object]:
    if item.row is not None:
        return [item.row.key]
    if item.mention.demonym is not None:
        return [("NATIONALITY", item.mention.demonym.name)]
    if item.mention.type == "PERSON" and len(item.words) == 1:
        return []  # a surname alone may be another's further on: it looks for the nearest fuller name
    return [(item.mention.type, item.words), (item.mention.type, skeleton("".join(item.words)))]


def _fuller(item: Named, clusters: list[Cluster]) -> int:
    """The cluster of the nearest fuller name of the same thing: before the mention, else after it; -1 where none is."""
    best: tuple[bool, int] | None = None
    found = -1
    for number, group in enumerate(clusters):
        if group.type != item.mention.type or (item.row and group.row and item.row is not group.row):
            continue
        for other in group.members:
            if _is_short_for(item, other):
                distance = item.mention.start - other.mention.start
                rank = (distance < 0, abs(distance))
                if best is None or rank < best:
                    best, found = rank, number
    return found


def _is_short_for(short: Named, full: Named) -> bool:
    length = len(short.words)
    if length > len(full.words):
        return False
    if short.mention.type == "PERSON":
        if length == len(full.words):
            return short.words == full.words
        return full.words[-length:] == short.words
    if short.mention.type == "ORGANIZATION" and length >= 2 and short.words[0] != "وزاره":
        return full.words[:length] == short.words or full.words[-length:] == short.words
    return False


def _merge_definitions(doc: Document, named: list[Named], clusters: list[Cluster]) -> None:
    """«حلف شمال الأطلسي (ناتو)»: an organisation in brackets right after another is the same one."""
    ordered = sorted(named, key=lambda item: item.mention.start)
    for one, two in pairwise(ordered):
        if one.mention.type != "ORGANIZATION" or two.mention.type != "ORGANIZATION" or one.cluster == two.cluster:
            continue
        if one.row and two.row:
            continue
        between = doc.text[one.mention.end : two.mention.start].split()
        after = doc.text[two.mention.end : two.mention.end + 2].strip()
        if between in (["("], ['("']) and after.startswith((")", '"')):
            kept, gone = clusters[one.cluster], clusters[two.cluster]
            for item in gone.members:
                item.cluster = one.cluster
            kept.members += gone.members
            kept.row = kept.row or gone.row
            gone.members = []


def _words(doc: Document, mention: Candidate) -> tuple[str, ...]:
    folded = doc.folded[mention.start : mention.end]
    if mention.elided:
        folded = "ا" + folded
    return tuple(word for word in folded.replace('"', " ").replace("«", " ").replace("»", " ").split() if word)


# Letters that transliterations of one foreign sound mix.
_SOUNDS = str.maketrans("غكقطصثذزظضحخ", "جججتستدسددهه")
_VOWELS = str.maketrans("", "", "اويءه")


def skeleton(folded: str) -> str:
    """What spellings of one foreign name share: its consonants, by sound; short ones are returned whole."""
    bones = folded.translate(_SOUNDS).translate(_VOWELS)
    return bones if len(bones) >= 4 and len(folded) >= 6 else folded


def display_name(doc: Document, group: Cluster) -> str:
    """The fullest mention, normalised, an elided article restored."""
    best = max(group.members, key=lambda item: (len(item.words), -item.mention.start))
    text = " ".join(doc.text[best.mention.start : best.mention.end].split())
    return "ا" + text if best.mention.elided else text


def entity(doc: Document, group: Cluster, id_: str, holder: str | None) -> Entity:
    """A cluster as an entity; a person has no country."""
    demonym = group.members[0].mention.demonym
    country = group.row.country if group.row else demonym.country if demonym else None
    mentions = tuple(
        Mention(doc.span(item.mention.start, item.mention.end), item.mention.confidence) for item in group.members
    )
    return Entity(
        id=id_,
        type=group.type,
        name=display_name(doc, group),
        mentions=mentions,
        wikidata=group.row.wikidata if group.row else None,
        country=None if group.type == "PERSON" else country,
        holder=holder,
        confidence=max(mention.confidence for mention in mentions),
    )
