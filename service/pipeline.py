"""One text to one answer: reads the document, runs the extractors asked for, builds the wire Structs."""

from service import __version__
from service.extractors import EXTRACTORS, Extract, Extractor
from service.extractors.annotations import Found
from service.extractors.models import Models
from service.query import Pipeline, Query
from service.schema import Extraction
from service.terms import Section
from service.text.document import Document, read
from service.wire import Writer


def build_pipeline(models: Models) -> Pipeline:
    """Load every extractor's lexicons and give the function that answers queries. Takes a moment: once a process."""
    steps = tuple((step, step.build(models)) for step in EXTRACTORS)

    def extract(query: Query) -> Extraction:
        doc = read(query.text, query.reference, query.instant, query.region, query.targets)
        found = _run(steps, doc, _needed(query.include))
        return Writer(doc, query.offset_unit, query.min_confidence).extraction(
            found, query.include, __version__, models, query.reference_date
        )

    return extract


def _run(steps: tuple[tuple[Extractor, Extract], ...], doc: Document, wanted: frozenset[str]) -> Found:
    found = Found()
    for step, extract in steps:
        if step.section in wanted:
            setattr(found, step.section, extract(doc, found))
    return found


def _needed(include: frozenset[Section]) -> frozenset[str]:
    """The sections asked for and all they rest on: no section's answer depends on what else is asked."""
    wanted: set[str] = set(include)
    for step in reversed(EXTRACTORS):
        if step.section in wanted:
            wanted.update(step.needs)
    return frozenset(wanted)
