"""How good a stance classifier is: the scorer's measures, and calibration. Logits are rows × 3."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from training.stance_data import Row


def f1(gold: np.ndarray, got: np.ndarray, label: int) -> float:
    """F1 of one label."""
    right = int(((gold == label) & (got == label)).sum())
    return 2 * right / max(1, int((gold == label).sum() + (got == label).sum()))


def favg2(rows: Sequence[Row], logits: np.ndarray) -> tuple[float, dict[str, float]]:
    """The scorer's measure: mean F1 of favor and against for each topic, then over topics."""
    gold, got = np.array([row.label for row in rows]), logits.argmax(1)
    by: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        by[row.topic].append(i)
    each = {topic: (f1(gold[at], got[at], 0) + f1(gold[at], got[at], 1)) / 2 for topic, at in by.items()}
    return sum(each.values()) / len(each), each


def macro(rows: Sequence[Row], logits: np.ndarray) -> float:
    """Macro-F1 over the three labels."""
    gold, got = np.array([row.label for row in rows]), logits.argmax(1)
    return sum(f1(gold, got, label) for label in range(3)) / 3


def softmax(logits: np.ndarray) -> np.ndarray:
    """Rows of probabilities."""
    e = np.exp(logits - logits.max(1, keepdims=True))
    rows: np.ndarray = e / e.sum(1, keepdims=True)
    return rows


def calibration_error(rows: Sequence[Row], logits: np.ndarray, temperature: float) -> float:
    """Expected calibration error of the top label, ten bins."""
    p = softmax(logits / temperature)
    sure, right = p.max(1), p.argmax(1) == np.array([row.label for row in rows])
    bins = np.minimum((sure * 10).astype(int), 9)
    return float(sum(abs(sure[bins == b].sum() - right[bins == b].sum()) for b in range(10)) / len(rows))


def best_temperature(rows: Sequence[Row], logits: np.ndarray) -> float:
    """The temperature of least log-loss; every source counts alike, however many rows it has."""
    gold, counts = np.array([row.label for row in rows]), Counter(row.source for row in rows)
    weights = np.array([1 / counts[row.source] for row in rows]) / len(counts)

    def loss(temperature: float) -> float:
        return float(-(weights * np.log(softmax(logits / temperature)[np.arange(len(gold)), gold] + 1e-9)).sum())

    return min((t / 50 for t in range(25, 200)), key=loss)


def report(name: str, rows: Sequence[Row], logits: np.ndarray) -> None:
    """One line of figures."""
    mean, each = favg2(rows, logits)
    temperature = best_temperature(rows, logits)
    print(
        f"{name}: Favg2 {mean:.4f} macro-F1 {macro(rows, logits):.4f} rows {len(rows)} temperature {temperature:.2f} "
        f"ECE {calibration_error(rows, logits, temperature):.4f} " + " ".join(f"{t}={v:.3f}" for t, v in each.items()),
        flush=True,
    )
