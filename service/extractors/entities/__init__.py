"""Entities: who and what the text names, each thing once, with all its mentions."""

from collections.abc import Callable

from service.extractors.annotations import Entity, Found
from service.extractors.entities.candidates import Candidate, settle
from service.extractors.entities.cluster import cluster, entity
from service.extractors.entities.cues import load_cues
from service.extractors.entities.gazetteer import load_gazetteer
from service.extractors.entities.known import blocked_tokens, find_known, load_not_names
from service.extractors.entities.link import choose_rows
from service.extractors.entities.nationalities import load_nationalities
from service.extractors.models import Models
from service.text.document import Document


def build_entities(models: Models) -> Callable[[Document, Found], tuple[Entity, ...]]:
    """Load the lexicons once and give the extractor."""
    gazetteer = load_gazetteer()
    nationalities = load_nationalities()
    cues = load_cues()
    not_names = load_not_names()

    def extract(doc: Document, found: Found) -> tuple[Entity, ...]:
        known, _ = find_known(doc, gazetteer, cues)
        peoples = [
            Candidate(
                start=hit.start,
                end=hit.end,
                first=hit.index,
                last=hit.index + 1,
                type="NATIONALITY",
                confidence=0.95,
                demonym=hit.demonym,
                elided=hit.elided,
            )
            for hit in nationalities.find(doc)
        ]
        blocked = blocked_tokens(doc, not_names)
        mentions = settle(c for c in known + peoples if blocked.isdisjoint(range(c.first, c.last)))
        groups = cluster(doc, mentions, choose_rows(doc, mentions, cues))
        return tuple(entity(doc, group, f"e{number}", None) for number, group in enumerate(groups, start=1))

    return extract
