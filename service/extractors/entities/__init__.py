"""Entities: who and what the text names, each thing once, with all its mentions."""

from collections.abc import Callable

from service.extractors.annotations import Entity, Found
from service.extractors.entities.acronyms import load_acronyms
from service.extractors.entities.agree import agreeing, reconcile
from service.extractors.entities.candidates import settle
from service.extractors.entities.cluster import cluster, entities
from service.extractors.entities.cues import load_cues
from service.extractors.entities.decode import build_decoder
from service.extractors.entities.gazetteer import load_gazetteer
from service.extractors.entities.known import (
    animals,
    blocked_tokens,
    clubs_by_gender,
    ends_of_bodies,
    find_known,
    is_free,
    load_not_names,
    names_competition,
    titled_tokens,
    yielding,
)
from service.extractors.entities.link import choose_rows
from service.extractors.entities.nationalities import load_nationalities
from service.extractors.entities.organizations import load_organizations
from service.extractors.entities.overlaps import clip, outdone
from service.extractors.entities.people import load_people
from service.extractors.entities.positions import ends_of_offices, find_holder, load_offices
from service.extractors.entities.spans import tag_tokens
from service.extractors.models import Models
from service.text.document import Document


def build_entities(models: Models) -> Callable[[Document, Found], tuple[Entity, ...]]:
    """Load the lexicons once and give the extractor."""
    gazetteer = load_gazetteer()
    nationalities = load_nationalities(gazetteer)
    acronyms = load_acronyms(gazetteer)
    cues = load_cues()
    not_names = load_not_names()
    offices = load_offices()
    organizations = load_organizations(offices)
    people = load_people()
    decoder = build_decoder(models, gazetteer, cues, people, organizations)
    openings = people.openings
    openers = decoder.first_words | acronyms.letters if decoder is not None else frozenset()
    common = offices.portfolios | offices.complements | organizations.ends | people.given

    def extract(doc: Document, found: Found) -> tuple[Entity, ...]:
        blocked = blocked_tokens(doc, not_names) | titled_tokens(doc, cues) | animals(doc, cues)
        tagger_names = decoder.find(doc) if decoder is not None else []
        known = [*find_known(doc, gazetteer, cues), *acronyms.find(doc)]
        nations = list(nationalities.find(doc, ends_of_bodies(doc, known)))
        known = clubs_by_gender(doc, known, nations, cues)
        names = yielding(doc, [*known, *nations], tagger_names, cues)
        if decoder is not None:
            tagged = tag_tokens(doc, settle(names))
            clipped = (clip(tagged, name) for name in tagger_names)
            names += (
                organizations.mend(tagged, name)
                for name in clipped
                if name is not None and not outdone(tagged, name, openers, people)
            )
        names = [name for name in names if is_free(blocked, name) and not names_competition(doc, name, cues)]
        bodies = organizations.find(tag_tokens(doc, settle(names)))
        # A body may hold such a phrase, not begin within one: «انتخابات الرئاسة الفرنسية».
        mentions = settle([*names, *(name for name in bodies if not blocked.issuperset((name.first - 1, name.first)))])
        tagged = tag_tokens(doc, mentions)
        positions = offices.find(tagged)
        holders_at = ends_of_offices(tagged, positions, offices)
        persons = list(people.find(tag_tokens(doc, [*mentions, *positions]), cues, holders_at))
        persons += organizations.named_after(tag_tokens(doc, settle([*mentions, *persons])), persons)
        mentions += (name for name in persons if is_free(blocked, name))
        mentions = [organizations.held(tagged, name, holders_at) for name in settle(mentions)]
        mentions = reconcile(doc, mentions, openings, people.ordinals)
        repeated = agreeing(tag_tokens(doc, mentions), mentions, common, openings, people.ordinals)
        again = [name for name in repeated if is_free(blocked, name)]
        taken = {name.start for name in again}
        mentions = settle([*(name for name in mentions if name.start not in taken), *again])
        tagged = tag_tokens(doc, mentions)
        positions = offices.find(tagged)
        holders = {office.start: find_holder(tagged, office, offices) for office in positions}
        mentions = settle(mentions + positions)
        groups = cluster(doc, mentions, choose_rows(doc, mentions, cues), holders, people.ordinals)
        return entities(doc, groups, holders)

    return extract
