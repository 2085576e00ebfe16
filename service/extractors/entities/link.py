"""Which row of the gazetteer a mention means, where one name is several things'."""

from collections import Counter
from collections.abc import Mapping, Sequence

from service.extractors.entities.candidates import Candidate
from service.extractors.entities.cues import CLOSING, Cues
from service.extractors.entities.gazetteer import Row
from service.text.document import Document


def choose_rows(doc: Document, mentions: Sequence[Candidate], cues: Cues) -> list[Row | None]:
    """The row of every mention, or None. The countries that the text speaks of decide; then the sure reading.

    An organisation is none of another nationality than its row's: «سي إن إن التركية».
    """
    weights: Counter[str] = Counter()
    nations: dict[int, str] = {}
    for mention in mentions:
        if mention.demonym and mention.demonym.country:
            weights[mention.demonym.country] += 1
            if mention.type == "NATIONALITY":
                nations[mention.first] = mention.demonym.country
        elif len({row.country for row in mention.rows}) == 1 and mention.rows[0].country and not mention.doubtful:
            weights[mention.rows[0].country] += 1
    rows = (_choose(doc, mention, weights, cues) for mention in mentions)
    return [
        None if row is not None and _is_foreign(doc, mention, row, nations) else row
        for mention, row in zip(mentions, rows, strict=True)
    ]


def _is_foreign(doc: Document, mention: Candidate, row: Row, nations: Mapping[int, str]) -> bool:
    quoted = mention.last < len(doc.tokens) and doc.tokens[mention.last].folded in CLOSING
    nation = nations.get(mention.last + quoted)
    return mention.type == "ORGANIZATION" and None not in {nation, row.country} and nation != row.country


def _choose(doc: Document, mention: Candidate, weights: Counter[str], cues: Cues) -> Row | None:
    spoken_of = tuple(row for row in mention.doubtful if weights[row.country or ""])
    rows = tuple(row for row in mention.rows if row not in mention.doubtful) or spoken_of
    if len(rows) <= 1:
        return rows[0] if rows else None
    for cue, is_country in (("city", False), ("state", True)):
        if cues.announced(doc, mention.first, cue):
            rows = tuple(row for row in rows if row.is_country == is_country) or rows
    return max(rows, key=lambda row: weights[row.country or ""])  # the first, that is the sure one, of equals
