"""Document-wide agreement: what is surely a name once is one at its other occurrences, and so is a person's surname."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec import structs

from service.extractors.entities.candidates import Candidate
from service.extractors.entities.spans import Tagged
from service.text.clitics import cuts
from service.text.document import Document

_SURE = 0.75
_DISCOUNT = 0.9
_VOTED = frozenset({"PERSON", "LOCATION", "ORGANIZATION"})


def agreeing(
    tagged: Tagged,
    mentions: Iterable[Candidate],
    common: Collection[str],
    joints: Collection[str],
    ordinals: Collection[str],
) -> Iterator[Candidate]:
    """Mentions that repeat a sure one's words, or a sure person's surname, where nothing else was found.

    `common` holds words that are surnames and common nouns: they do not stand for a person alone; nor does what
    follows one of `joints`, nor one of `ordinals`, without which a ruler is named too.
    """
    doc = tagged.doc
    known: defaultdict[str, list[tuple[tuple[str, ...], Candidate]]] = defaultdict(list)
    for mention in mentions:
        if mention.confidence < _SURE or mention.type not in _VOTED:
            continue
        words = _folded_words(doc, mention)
        sequences = [words] if len(words) > 1 and words[-1] in ordinals else []
        sequences += _sequences(words[: len(words) - len(sequences)], mention.type, common, joints)
        for sequence in sequences:
            if all(sequence != other for other, _ in known[sequence[0]]):
                known[sequence[0]].append((sequence, mention))
    for index, token in enumerate(doc.tokens):
        for cut in cuts(token.folded):
            fits = [pair for pair in known.get(cut.rest, ()) if _stands(tagged, index, pair[0], pair[1].type)]
            if fits:
                sequence, source = max(fits, key=lambda pair: len(pair[0]))
                last = index + len(sequence)
                yield Candidate(
                    start=token.start + cut.length,
                    end=doc.tokens[last - 1].end,
                    first=index,
                    last=last,
                    type=source.type,
                    confidence=source.confidence * _DISCOUNT,
                    rows=source.rows if len(sequence) == source.last - source.first else (),
                    doubtful=source.doubtful if len(sequence) == source.last - source.first else (),
                    elided=cut.elided,
                )
                break


def _bare(doc: Document, mention: Candidate) -> str:
    word = doc.folded[mention.start : doc.tokens[mention.first].end]
    return "ا" + word if mention.elided else word


def _sequences(
    words: tuple[str, ...], type_: str, common: Collection[str], joints: Collection[str]
) -> Iterator[tuple[str, ...]]:
    if len(words) > 1 or (type_ == "PERSON" and words[0] not in common):
        yield words
    if type_ != "PERSON":
        return
    for first in range(1, len(words)):
        if words[first - 1] in joints:
            continue  # «الدين» of «علاء الدين», «الله» of «عبد الله»
        surname = words[first:]
        if len(surname) > 1 or (len(surname[0]) > 3 and surname[0] not in common):
            yield surname


def _stands(tagged: Tagged, index: int, sequence: tuple[str, ...], type_: str) -> bool:
    """Whether the words stand at token `index`, in no name but a shorter one of the same type."""
    for place, word in enumerate(sequence):
        if place and tagged.at(index + place) != word:
            return False
        name = tagged.covered.get(index + place)
        if name is None or (type_ == "PERSON" and len(sequence) == 1 and _is_no_adjective(tagged, name)):
            continue
        if name.type != type_ or name.last - name.first >= len(sequence):
            return False
    return True


def _is_no_adjective(tagged: Tagged, name: Candidate) -> bool:
    """Whether a definite nationality has no noun before it that it could say more of: «قال السوداني»."""
    before = name.first - 1
    if name.type != "NATIONALITY" or name.last > name.first + 1 or before in tagged.covered:
        return False
    definite = tagged.doc.folded.startswith("ال", name.start)
    return definite and not any(cut.rest.startswith("ال") or cut.elided for cut in cuts(tagged.at(before)))


def reconcile(
    doc: Document, mentions: Sequence[Candidate], joints: Collection[str], ordinals: Collection[str]
) -> list[Candidate]:
    """One type for one name: a person's surname is that person, else the type that the text gives it most surely."""
    surnames: set[str] = set()
    votes: defaultdict[tuple[str, ...], defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    words = [_folded_words(doc, mention) for mention in mentions]
    for mention, name in zip(mentions, words, strict=True):
        if mention.type == "PERSON" and len(name) > 1 and name[-2] not in joints and name[-1] not in ordinals:
            surnames.add(name[-1])
        votes[name][mention.type] += mention.confidence + len(mention.rows)
    agreed = []
    for mention, name in zip(mentions, words, strict=True):
        if not mention.rows and not mention.told and mention.type in _VOTED:
            type_ = (
                "PERSON" if len(name) == 1 and name[0] in surnames else max(votes[name], key=votes[name].__getitem__)
            )
            mention = structs.replace(mention, type=type_)
        agreed.append(mention)
    return agreed


def _folded_words(doc: Document, mention: Candidate) -> tuple[str, ...]:
    others = (token.folded for token in doc.tokens[mention.first + 1 : mention.last])
    return (_bare(doc, mention), *others)
