"""Who says what, by reporting verbs and nouns with what they govern."""

from collections.abc import Callable
from pathlib import Path

from service.extractors.annotations import Found, Speaker, Statement
from service.extractors.models import Models
from service.extractors.statements.attribution import attribute
from service.extractors.statements.cues import load_forms
from service.extractors.statements.page import Named, Page, lay_out
from service.extractors.statements.phrases import Phrase
from service.extractors.statements.report import Report
from service.extractors.statements.words import load_words
from service.text.document import Document

_HERE = Path(__file__).parent


def build_statements(models: Models) -> Callable[[Document, Found], tuple[Statement, ...]]:
    """The extractor, with its lexicons read. It needs no model: the entities that it names come in `Found`."""
    forms = load_forms(_HERE / "verbs.toml")
    words = load_words(_HERE / "words.toml")

    def extract(doc: Document, found: Found) -> tuple[Statement, ...]:
        page = lay_out(doc, found.entities, words, forms)
        return tuple(_statement(page, report) for report in attribute(page))

    return extract


def _statement(page: Page, report: Report) -> Statement:
    doc = page.doc
    return Statement(
        span=doc.span(report.start, doc.tokens[(report.last or report.first + 1) - 1].end),
        kind="direct" if report.direct else "indirect",
        act=report.act,
        speaker=_speaker(page, report.speaker),
        cue=doc.span(*report.cue) if report.cue else None,
        confidence=_confidence(page, report),
    )


def _confidence(page: Page, report: Report) -> float:
    """How sure it is, by what went into it: a clause or quotation whose speaker is named beside it is the surest."""
    if report.speaker is None:
        return 0.6
    clause = report.direct or page.is_that(report.first - 1)
    return round((0.95 if clause else 0.85) - 0.15 * report.carried - 0.1 * (report.cue is None), 2)


def _speaker(page: Page, speaker: Phrase | None) -> Speaker | None:
    if speaker is None:
        return None
    doc = page.doc
    return Speaker(doc.span(speaker.start, doc.tokens[speaker.last - 1].end), _entity(page, speaker))


def _entity(page: Page, speaker: Phrase) -> str | None:
    """The entity that speaks: a person first, then the holder of a position, a position, or what heads the phrase."""
    inside = [page.named[at] for at in range(speaker.first, speaker.last) if at in page.named]
    if _speaks_for_others(page, speaker):
        inside = [name for name in inside if name.entity.type not in {"PERSON", "POSITION"}]
    for name in inside:
        if name.entity.type == "PERSON" and not _is_possessor(page, speaker, name):
            return name.entity.id
    for name in inside:
        if name.entity.type == "POSITION" and not _is_possessor(page, speaker, name):
            return name.entity.holder or name.entity.id
    head = page.folded[speaker.first]
    unnamed = page.words.titles | page.words.placed  # «مصادر في وزارة كذا»
    for name in inside:
        if name.entity.type == "ORGANIZATION" and not {head, head.removeprefix("ال")} & unnamed:
            return name.entity.id
        if name.entity.type == "LOCATION" and name.first == speaker.first:
            return name.entity.id
    return None


def _speaks_for_others(page: Page, speaker: Phrase) -> bool:
    """Whether an institution's name holds a person's: «إدارة س», «مكتب الوزير س», «عائلة س»."""
    words, head = page.words, page.folded[speaker.first]
    persons = words.titles | words.placed | words.quantities
    return speaker.first not in page.named and head in words.sources and head not in persons


def _is_possessor(page: Page, speaker: Phrase, name: Named) -> bool:
    """Whether a name or office only says whose «محامي س», «زوجة الرئيس» speaks."""
    head = page.folded[speaker.first]
    if head.startswith("ال") or head not in page.words.titles or speaker.first in page.named:
        return False
    return name.first == speaker.first + 1
