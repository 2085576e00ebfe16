"""A tagger's names beside known ones that they overlap: clipped, or given up."""

from collections.abc import Collection

from msgspec import structs

from service.extractors.entities.candidates import Candidate
from service.extractors.entities.people import People
from service.extractors.entities.spans import Tagged, is_definite

_PLACE_OF_BODY = ("LOCATION", "ORGANIZATION")  # «بورصة نيو يورك»: the place is part of the name


def clip(tagged: Tagged, name: Candidate) -> Candidate | None:
    """A tagger's name without what a known one that it only overlaps holds of it; None where too little is left."""
    first, last = name.first, name.last
    before, after = tagged.covered.get(first), tagged.covered.get(last - 1)
    if before is not None and before.rows and before.first < first and before.last < last:
        first = before.last
    if after is not None and (after.rows or after.demonym) and after.first > first and after.last > last:
        last = after.first
    if name.type == "ORGANIZATION":
        if before is not None and before.type == "NATIONALITY" and not tagged.doc.text.startswith("ال", name.start):
            return None  # «شركة ألمانية كبرى»
        last = next((at for at in range(first + 1, last) if _is_in_place(tagged, at)), last)
    if name.type == "PERSON":
        if after is not None and after.rows and after.first > first and _is_joined(tagged, after):
            last = after.first  # «زياد دبار لموزاييك»
        if (
            before is not None
            and before.type == "NATIONALITY"
            and last - first > 2
            and is_definite(tagged.at(first - 1))
        ):
            first = before.last  # «الشاعر الجيبوتي شحم واتو»
    if (first, last) == (name.first, name.last):
        return name
    if last - first < (1 if name.type == "PERSON" else 2):
        return None
    tokens = tagged.doc.tokens
    start = name.start if first == name.first else tokens[first].start
    return structs.replace(name, first=first, last=last, start=start, end=tokens[last - 1].end, rows=(), doubtful=())


def _is_joined(tagged: Tagged, name: Candidate) -> bool:
    """Whether ب or ل stands before a name, in its word."""
    return tagged.doc.folded[tagged.doc.tokens[name.first].start : name.start].endswith(("ب", "ل"))


def _is_in_place(tagged: Tagged, at: int) -> bool:
    """Whether a listed place or body after ب starts at a token, where what is named before it stands: «… بالمنستير»."""
    place = tagged.starting.get(at)
    return (
        place is not None
        and (place.type == "LOCATION" or (place.type == "ORGANIZATION" and place.is_long))
        and bool(place.rows)
        and tagged.doc.folded[tagged.doc.tokens[at].start : place.start].endswith("ب")
    )


def outdone(tagged: Tagged, name: Candidate, openers: Collection[str], people: People) -> bool:
    """Whether a tagger's name is a known place or organisation, of two words or more, that it wrongly lengthened.

    A person's name begins after a town's, and goes on after a joint.
    """
    if name.rows:
        return False
    left = next((at for at in range(name.first, name.last) if at in tagged.starting), name.last)
    known = tagged.starting.get(left)
    if known is None or not known.rows or known.last > name.last:
        return False
    if known.type == name.type == "LOCATION" and left == name.first and tagged.at(known.last) in people.given:
        return known.last < name.last  # «في مقديشو عبدي حسن»
    if known.type == name.type == "LOCATION" and left == name.first and known.last == name.last - 1:
        nation = tagged.starting.get(known.last)
        if nation is not None and nation.type == "NATIONALITY":
            return True
    if not known.is_long:
        return False
    if known.type == name.type == "PERSON":
        beyond = tagged.at(known.last)
        return left == name.first and known.last < name.last and beyond[0] in "بل" and beyond not in people.openings
    if known.type == "PERSON" or known.type not in {name.type, "LOCATION"} or (known.type, name.type) == _PLACE_OF_BODY:
        return False
    if known.last == name.last and left > name.first:
        return not any(tagged.at(at) in openers for at in range(name.first, left))
    beyond = tagged.at(known.last)
    whole = known.type == "ORGANIZATION" and not _is_union(tagged, known)  # «البنك الدولي لمكافحة …»
    goes_on = beyond.startswith("ال") or (beyond.startswith("ل") and not whole)
    return left == name.first and known.last < name.last and not goes_on


def _is_union(tagged: Tagged, name: Candidate) -> bool:
    """Whether «for» what a union of two words is says which one it is: «الاتحاد الأفريقي للجودو»."""
    return name.last - name.first == 2 and tagged.at(name.first).endswith("الاتحاد")
