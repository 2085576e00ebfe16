"""Which row of the gazetteer a mention means, where one name is several things'."""

from collections import Counter
from collections.abc import Sequence

from service.extractors.entities.candidates import Candidate
from service.extractors.entities.cues import Cues
from service.extractors.entities.gazetteer import Row
from service.text.document import Document


def choose_rows(doc: Document, mentions: Sequence[Candidate], cues: Cues) -> list[Row | None]:
    """The row of every mention, or None. The countries that the text speaks of decide; then the sure reading."""
    weights: Counter[str] = Counter()
    for mention in mentions:
        if mention.demonym and mention.demonym.country:
            weights[mention.demonym.country] += 1
        elif len({row.country for row in mention.rows}) == 1 and mention.rows[0].country:
            weights[mention.rows[0].country] += 1
    return [_choose(doc, mention, weights, cues) for mention in mentions]


def _choose(doc: Document, mention: Candidate, weights: Counter[str], cues: Cues) -> Row | None:
    rows = mention.rows or tuple(row for row in mention.doubtful if weights[row.country or ""])
    if len(rows) <= 1:
        return rows[0] if rows else None
    for cue, is_country in (("city", False), ("state", True)):
        if cues.announced(doc, mention.first, cue):
            rows = tuple(row for row in rows if row.is_country == is_country) or rows
    return max(rows, key=lambda row: weights[row.country or ""])  # the first, that is the sure one, of equals
