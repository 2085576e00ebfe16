"""The entity extractor over its corpus, without a learned tagger."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from service.extractors.annotations import Entity, Found
from service.extractors.entities import build_entities
from service.extractors.models import Models
from service.text.document import read

CORPUS: dict[str, list[dict[str, Any]]] = msgspec.toml.decode(
    (Path(__file__).parents[1] / "corpus" / "entities.toml").read_bytes()
)
REFERENCE = date(2025, 5, 20)  # a Tuesday

Extract = Callable[[str], tuple[Entity, ...]]


@pytest.fixture(scope="module")
def extract() -> Extract:
    """The extractor as a process without a tagger builds it."""
    entities = build_entities(Models())
    return lambda text: entities(read(text, REFERENCE), Found())


def unmark(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without ⟦ ⟧, and the spans that they held."""
    text = ""
    spans: list[tuple[int, int]] = []
    start = 0
    for char in marked:
        if char == "⟦":
            start = len(text)
        elif char == "⟧":
            spans.append((start, len(text)))
        else:
            text += char
    return text, spans


def spans_of(entities: tuple[Entity, ...], type_: str) -> list[tuple[int, int]]:
    """Every mention of a type, in order."""
    return sorted((m.span.start, m.span.end) for entity in entities if entity.type == type_ for m in entity.mentions)


def entity_at(entities: tuple[Entity, ...], span: tuple[int, int]) -> Entity:
    """The entity that a span mentions."""
    return next(e for e in entities if any((m.span.start, m.span.end) == span for m in e.mentions))


NAMES = [pytest.param(group, text, id=text) for group in CORPUS["names"] for text in group["texts"]]


@pytest.mark.parametrize(("group", "marked"), NAMES)
def test_name(extract: Extract, group: dict[str, Any], marked: str) -> None:
    """A name is found with its type and span, linked as the gazetteer has it, and nothing else of its type is."""
    text, spans = unmark(marked)
    entities = extract(text)
    found = spans_of(entities, group["type"])
    if group.get("others"):
        found = [span for span in found if span in spans]
    assert spans == found
    for span in spans:
        entity = entity_at(entities, span)
        for field, linked in (("wikidata", entity.wikidata), ("country", entity.country)):
            if field in group:  # false where nothing may be linked
                assert (group[field] or None) == linked


@pytest.mark.parametrize("case", [pytest.param(case, id=case["text"]) for case in CORPUS["offices"]])
def test_office(extract: Extract, case: dict[str, Any]) -> None:
    """An office ends where the corpus says, and knows the person who holds it where the text says so."""
    text, spans = unmark(case["text"])
    entities = extract(text)
    assert spans == spans_of(entities, "POSITION")
    names = {entity.id: entity.name for entity in entities}
    assert case.get("holder") == names.get(entity_at(entities, spans[0]).holder or "")


@pytest.mark.parametrize("case", [pytest.param(case, id=case["text"]) for case in CORPUS["same"]])
def test_same(extract: Extract, case: dict[str, Any]) -> None:
    """Mentions of one thing are one entity, named by the fullest of them."""
    text, spans = unmark(case["text"])
    entities = extract(text)
    assert spans == spans_of(entities, case["type"])
    assert {case["name"]} == {entity_at(entities, span).name for span in spans}
    assert len({entity_at(entities, span).id for span in spans}) == 1


@pytest.mark.parametrize("case", [pytest.param(case, id=case["text"]) for case in CORPUS["apart"]])
def test_apart(extract: Extract, case: dict[str, Any]) -> None:
    """Different things stay apart, whatever their names share."""
    text, spans = unmark(case["text"])
    entities = extract(text)
    assert spans == spans_of(entities, case["type"])
    assert len({entity_at(entities, span).id for span in spans}) == len(spans)


@pytest.mark.parametrize("text", [text for group in CORPUS["none"] for text in group["texts"]])
def test_no_name(extract: Extract, text: str) -> None:
    """What only looks like a name is none."""
    assert [] == [(entity.type, entity.name) for entity in extract(text) if entity.type != "POSITION"]
