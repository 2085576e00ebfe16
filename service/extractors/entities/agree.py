"""Document-wide agreement: what is surely a name once is one at its other occurrences, and so is a person's surname."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from service.extractors.entities.candidates import Candidate
from service.extractors.entities.spans import Tagged
from service.text.clitics import cuts
from service.text.document import Document

_SURE = 0.75
_DISCOUNT = 0.9


def agreeing(tagged: Tagged, mentions: Iterable[Candidate], common: Collection[str]) -> Iterator[Candidate]:
    """Mentions that repeat a sure one's words, or a sure person's surname, where nothing else was found.

    `common` holds words that are surnames and common nouns: they do not stand for a person alone.
    """
    doc = tagged.doc
    known: defaultdict[str, list[tuple[tuple[str, ...], Candidate]]] = defaultdict(list)
    for mention in mentions:
        if mention.confidence < _SURE or mention.type not in {"PERSON", "LOCATION", "ORGANIZATION"}:
            continue
        words = tuple(token.folded for token in doc.tokens[mention.first : mention.last])
        words = (_bare(doc, mention), *words[1:])
        for sequence in _sequences(words, mention.type, common):
            if all(sequence != other for other, _ in known[sequence[0]]):
                known[sequence[0]].append((sequence, mention))
    for index, token in enumerate(doc.tokens):
        if index in tagged.covered:
            continue
        for cut in cuts(token.folded):
            best = max(
                (
                    (len(sequence), source)
                    for sequence, source in known.get(cut.rest, ())
                    if _stands(tagged, index, sequence)
                ),
                key=lambda pair: pair[0],
                default=None,
            )
            if best is not None:
                length, source = best
                yield Candidate(
                    start=token.start + cut.length,
                    end=doc.tokens[index + length - 1].end,
                    first=index,
                    last=index + length,
                    type=source.type,
                    confidence=source.confidence * _DISCOUNT,
                    rows=source.rows if length == source.last - source.first else (),
                    elided=cut.elided,
                )
                break


def _bare(doc: Document, mention: Candidate) -> str:
    word = doc.folded[mention.start : doc.tokens[mention.first].end]
    return "ا" + word if mention.elided else word


def _sequences(words: tuple[str, ...], type_: str, common: Collection[str]) -> Iterator[tuple[str, ...]]:
    if len(words) > 1 or (type_ == "PERSON" and words[0] not in common):
        yield words
    if type_ != "PERSON":
        return
    for first in range(1, len(words)):
        surname = words[first:]
        if len(surname) > 1 or (len(surname[0]) > 3 and surname[0] not in common):
            yield surname


def _stands(tagged: Tagged, index: int, sequence: tuple[str, ...]) -> bool:
    return all(
        tagged.at(index + place) == word and index + place not in tagged.covered
        for place, word in enumerate(sequence)
        if place
    )
