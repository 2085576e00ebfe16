"""The models that ship with the service, run by onnxruntime; nothing else knows it.

A model's files, labels and checksums stand in manifest.toml. Texts go through a model one at a time, never padded
together: activations are quantised by the range of what is in the batch, so that a neighbour would change an answer.
"""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
import onnxruntime
from msgspec import Meta, Struct
from numpy.typing import NDArray
from tokenizers import Tokenizer

from service.errors import ModelError

FOLDER = Path(__file__).parent

# Spellings that writers mix freely, levelled as in training. Hamzas keep their seats: the encoder knows رئيس, not رءيس.
_LEVEL = str.maketrans({**dict.fromkeys("أإآٱ", "ا"), "ى": "ي", "ة": "ه"})
# The special pieces of XLM-R's vocabulary.
_BEGIN, _END, _UNKNOWN = 0, 2, 3
# No name is this long in pieces; a run of letters without a space may be, and must not fill a window.
_LONGEST_WORD = 24

Floats = NDArray[np.float32]


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """What the manifest says of one model."""

    version: str
    license: str
    labels: tuple[str, ...]
    temperature: Annotated[float, Meta(gt=0)]  # scores are divided by it before they become probabilities
    window: Annotated[int, Meta(ge=32, le=510)]  # pieces that the model sees at once
    files: dict[str, str]  # name → SHA-256, in hexadecimal


def load_manifest(folder: Path = FOLDER) -> dict[str, Entry]:
    """The shipped models by name. `ModelError` if the manifest is missing or wrong."""
    path = folder / "manifest.toml"
    try:
        return msgspec.toml.decode(path.read_bytes(), type=dict[str, Entry])
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise ModelError(f"{path.name}: {error}") from error


def check_files(entry: Entry, folder: Path) -> dict[str, Path]:
    """The model's files by suffix, their checksums compared; `ModelError` if one is missing or another."""
    paths = {}
    for name, expected in entry.files.items():
        path = folder / name
        try:
            with path.open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise ModelError(f"the model file {name} cannot be read") from error
        if found != expected:
            raise ModelError(f"the model file {name} is not the one in manifest.toml")
        paths[path.suffix] = path
    return paths


@cache
def open_tokenizer(path: Path) -> Tokenizer:
    """The tokeniser that a file describes. The shipped models share one."""
    return Tokenizer.from_file(str(path))


def open_session(path: Path) -> onnxruntime.InferenceSession:
    """A model on one thread of the processor: the service runs a process a core."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class OnnxTagger:
    """The entity tagger behind the service's protocol."""

    def __init__(self, entry: Entry, folder: Path = FOLDER) -> None:
        paths = check_files(entry, folder)
        self._entry = entry
        self._tokenizer = open_tokenizer(paths[".json"])
        self._session = open_session(paths[".onnx"])
        self._transitions = transitions(entry.labels)

    @property
    def version(self) -> str:
        """Name and version, for `meta.models`."""
        return self._entry.version

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[tuple[str, float]]]:
        """IOB2 label and probability of every word of a document's sentences, in order.

        Neighbouring sentences are read together, as many as a window holds.
        """
        pieces = [self._cut([word.translate(_LEVEL) for word in sentence]) for sentence in sentences]
        scores = [np.zeros((len(sentence), len(self._entry.labels)), np.float32) for sentence in sentences]
        for group in _groups(pieces, self._entry.window):
            found = self._scores([word for i in group for word in pieces[i]])
            at = 0
            for i in group:
                scores[i] = found[at : at + len(pieces[i])]
                at += len(pieces[i])
        return [self._decode(rows) for rows in scores]

    def _cut(self, words: list[str]) -> list[list[int]]:
        """The pieces of every word, at least one each."""
        encoding = self._tokenizer.encode(words, is_pretokenized=True)
        pieces: list[list[int]] = [[] for _ in words]
        for piece, word in zip(encoding.ids, encoding.word_ids, strict=True):
            if word is not None:
                pieces[word].append(piece)
        return [word[:_LONGEST_WORD] or [_UNKNOWN] for word in pieces]

    def _scores(self, words: list[list[int]]) -> Floats:
        """Words × labels. Where one window is too small, each word is read in the one that shows more around it."""
        starts = np.cumsum([0, *map(len, words)])
        scores = np.zeros((len(words), len(self._entry.labels)), np.float32)
        bounds = list(_windows(starts, self._entry.window))
        for number, (first, last) in enumerate(bounds):
            ids = [_BEGIN, *(piece for word in words[first:last] for piece in word), _END]
            firsts = starts[first:last] - starts[first] + 1
            (found,) = self._session.run(None, {"ids": np.array(ids, np.int64), "words": firsts.astype(np.int64)})
            # The overlap with the window before is shared half and half.
            keep = first if number == 0 else (first + bounds[number - 1][1]) // 2
            scores[keep:last] = found[keep - first :]
        return scores

    def _decode(self, scores: Floats) -> list[tuple[str, float]]:
        logits = scores / np.float32(self._entry.temperature)
        logits -= logits.max(axis=1, keepdims=True, initial=-np.inf)
        probabilities = np.exp(logits)
        probabilities /= probabilities.sum(axis=1, keepdims=True)
        path = viterbi(np.log(np.maximum(probabilities, 1e-12)), self._transitions)
        return [(self._entry.labels[label], float(row[label])) for label, row in zip(path, probabilities, strict=True)]


def load_tagger(folder: Path = FOLDER) -> OnnxTagger:
    """The entity tagger of the manifest. `ModelError` if a file is missing or another."""
    manifest = load_manifest(folder)
    if "entities" not in manifest:
        raise ModelError("manifest.toml names no model for entities")
    return OnnxTagger(manifest["entities"], folder)


def transitions(labels: Sequence[str]) -> Floats:
    """0 where IOB2 lets the column's label follow the row's, else −inf; the last row is a sentence's start."""
    table = np.zeros((len(labels) + 1, len(labels)), np.float32)
    for row, before in enumerate([*labels, "O"]):
        for column, label in enumerate(labels):
            if label.startswith("I-") and before[2:] != label[2:]:
                table[row, column] = -np.inf
    return table


def viterbi(scores: Floats, table: Floats) -> list[int]:
    """The legal path of highest sum through words × labels (Viterbi 1967); ties go to the first label."""
    if not len(scores):
        return []
    best = scores[0] + table[-1]
    back = []
    for row in scores[1:]:
        total = best[:, None] + table[:-1]
        back.append(total.argmax(axis=0))
        best = total.max(axis=0) + row
    path = [int(best.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return path[::-1]


def _groups(pieces: Sequence[Sequence[Sequence[int]]], window: int) -> Iterator[list[int]]:
    """Runs of neighbouring sentences that fit a window together; a longer sentence is a run of its own."""
    group: list[int] = []
    filled = 0
    for i, sentence in enumerate(pieces):
        size = sum(map(len, sentence))
        if group and filled + size > window:
            yield group
            group, filled = [], 0
        group.append(i)
        filled += size
    if group:
        yield group


def _windows(starts: NDArray[np.int64], window: int) -> Iterator[tuple[int, int]]:
    """Ranges of words of at most `window` pieces that cover all, each a quarter of a window into the one before."""
    count, first = len(starts) - 1, 0
    while first < count:
        last = int(np.searchsorted(starts, starts[first] + window, side="right")) - 1
        yield first, last
        if last == count:
            return
        first = max(first + 1, int(np.searchsorted(starts, starts[last] - window // 4)))
