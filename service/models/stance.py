"""The stance classifier that ships with the service: reads a target and a passage together."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from service.errors import ModelError
from service.models.onnx import FOLDER, Entry, check_files, load_manifest, open_session, open_tokenizer
from service.text.normalise import fold

_BEGIN, _END = 0, 2
_TARGET = 48  # pieces of a target, at most

# What training drops and how it cuts words: training/stance_data.py and training/text.py.
_LINK = re.compile(r"(?:https?://|www\.|pic\.twitter|twitter\.com/)\S*|@\w+|\bURL\b|\bUSER\b")
_WORD = re.compile(r"\d+|[^\W\d_]+|[^\w\s]|_")


class OnnxStance:
    """The stance classifier behind the service's protocol. Pairs are read one by one: none changes another's answer."""

    def __init__(self, entry: Entry, folder: Path = FOLDER) -> None:
        paths = check_files(entry, folder)
        if entry.labels != ("favor", "against", "neutral"):
            raise ModelError("manifest.toml gives stance other labels than favor, against, neutral")
        self._entry = entry
        self._tokenizer = open_tokenizer(paths[".json"])
        self._session = open_session(paths[".onnx"])

    @property
    def version(self) -> str:
        """Name and version, for `meta.models`."""
        return self._entry.version

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[float, float, float]]:
        """Calibrated favor, against and neutral of every (target, passage) pair; both are cut where the window ends."""
        return [self._score(target, passage) for target, passage in pairs]

    def _score(self, target: str, passage: str) -> tuple[float, float, float]:
        head = [_BEGIN, *self._pieces(target)[:_TARGET], _END, _END]
        body = self._pieces(passage)[: self._entry.window - len(head) - 1]
        if not body:
            return (0.0, 0.0, 1.0)
        inputs = {"ids": np.array([*head, *body, _END], np.int64), "start": np.array([len(head)], np.int64)}
        logits = self._session.run(None, inputs)[0].astype(np.float64) / self._entry.temperature
        weights = np.exp(logits - logits.max())
        favor, against, neutral = (weights / weights.sum()).tolist()
        return (favor, against, neutral)

    def _pieces(self, text: str) -> list[int]:
        words = _WORD.findall(fold(_LINK.sub(" ", text)))
        ids: list[int] = self._tokenizer.encode(" ".join(words)).ids
        return ids


def load_stance(folder: Path = FOLDER) -> OnnxStance:
    """The stance classifier of the manifest. `ModelError` if it names none, or a file is missing or another."""
    manifest = load_manifest(folder)
    if "stance" not in manifest:
        raise ModelError("manifest.toml names no model for stance")
    return OnnxStance(manifest["stance"], folder)
