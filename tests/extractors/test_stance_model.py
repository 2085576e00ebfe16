"""The shipped stance classifier over the corpus of news prose, through the extractor."""

import random
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from service.extractors.annotations import Found
from service.extractors.models import Models
from service.extractors.stance import build_stance
from service.models.stance import OnnxStance, load_stance
from service.text.document import read

NOW = date(2025, 5, 20)  # a Tuesday
LABELS = ("favor", "against", "neutral")
CORPUS = tomllib.loads((Path(__file__).parents[1] / "corpus/stance.toml").read_text(encoding="utf-8"))
CASES, ARTICLES = (
    [(item["text"], stance["target"], stance["label"]) for item in CORPUS[kind] for stance in item["stances"]]
    for kind in ("passage", "article")
)


@pytest.fixture(scope="module")
def model() -> OnnxStance:
    """The classifier in the manifest."""
    return load_stance()


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Macro-F1 of (expected, actual) labels."""
    scores = []
    for label in LABELS:
        right = sum(a == b == label for a, b in pairs)
        scores.append(2 * right / max(1, sum(a == label for a, _ in pairs) + sum(b == label for _, b in pairs)))
    return sum(scores) / 3


def test_reads_news_prose_and_its_target(model: OnnxStance) -> None:
    """The corpus as measured when the model shipped, less a margin; with the targets shuffled the labels are lost."""
    extract = build_stance(Models(stance=model))

    def labels(targets: Sequence[str]) -> list[str]:
        asked = zip(CASES, targets, strict=True)
        return [extract(read(text, NOW, targets=(target,)), Found())[0].label for (text, _, _), target in asked]

    expected = [label for _, _, label in CASES]
    targets = [target for _, target, _ in CASES]
    shuffled = random.Random(5).sample(targets, len(targets))

    assert macro_f1(list(zip(expected, labels(targets), strict=True))) > 0.7
    assert macro_f1(list(zip(expected, labels(shuffled), strict=True))) < 0.4


def test_finds_reports_with_both_sides_neutral(model: OnnxStance) -> None:
    """Whole news articles that quote praise and blame take no side; how many others are right is in the model card."""
    extract = build_stance(Models(stance=model))
    reports = [(text, target) for text, target, label in ARTICLES if label == "neutral"]

    assert len(reports) >= 10
    for text, target in reports:
        assert extract(read(text, NOW, targets=(target,)), Found())[0].label == "neutral", target


def test_neighbours_do_not_change_an_answer(model: OnnxStance) -> None:
    """The same pair scores the same alone and among others."""
    pairs = [(target, text) for text, target, _ in CASES[:6]]

    assert [model.score([pair])[0] for pair in pairs] == model.score(pairs)


def test_scores_are_probabilities(model: OnnxStance) -> None:
    """Empty texts and texts longer than the window included."""
    scores = model.score([("", ""), ("الهدنة", ""), ("", "الهدنة"), ("هدنة " * 100, "كلام " * 500)])

    assert [sum(row) for row in scores] == [pytest.approx(1)] * 4


def test_links_and_handles_are_not_read(model: OnnxStance) -> None:
    """They say nothing of a stance."""
    plain, linked = model.score(
        [("الهدنة", "الهدنة خير للجميع"), ("الهدنة", "الهدنة خير للجميع https://example.org/x @someone")]
    )

    assert plain == linked
