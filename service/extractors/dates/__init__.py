"""Dates, times, durations and recurring times: TIMEX3, resolved against the day of publication."""

from collections.abc import Callable

from service.extractors.annotations import Found, TimeExpression
from service.extractors.dates.grammar import parse
from service.extractors.dates.lexicon import HERE, build_lexicon
from service.extractors.dates.resolve import Resolver
from service.extractors.dates.resolved import Regions
from service.extractors.dates.scan import Scan
from service.extractors.models import Models
from service.lexicon import read_toml
from service.text.document import Document


def build_dates(models: Models) -> Callable[[Document, Found], tuple[TimeExpression, ...]]:
    """Load the lexicon once; the function that finds and resolves a document's time expressions."""
    lexicon = build_lexicon()
    regions = read_toml(HERE / "regions.toml", Regions)

    def extract(doc: Document, found: Found) -> tuple[TimeExpression, ...]:
        scan = Scan(doc, found.numerals, lexicon)
        resolver = Resolver(scan, regions)
        expressions = []
        for parsed in parse(scan):
            resolved = resolver.resolve(parsed)
            if resolved is None:
                continue
            expressions.append(
                TimeExpression(
                    span=doc.span(parsed.start, parsed.end or doc.tokens[parsed.last - 1].end),
                    type=resolved.type,
                    value=resolved.value.text,
                    as_written=resolved.as_written,
                    modifier=parsed.modifier,
                    frequency=resolved.frequency,
                    earliest=resolved.value.earliest,
                    latest=resolved.value.latest,
                    calendar=resolved.calendar,
                    resolution=resolved.resolution,
                    confidence=min(resolved.sure, parsed.sure),
                    rule=parsed.rule,
                )
            )
        return tuple(expressions)

    return extract
