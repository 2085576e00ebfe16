"""The shipped tagger: its files, its windows, its labels, and what must not change its answer."""

import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from service.errors import ModelError
from service.models import onnx
from service.models.onnx import OnnxTagger, load_manifest, load_tagger, transitions, viterbi

LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
SENTENCE = [
    "وصل",
    "وزير",
    "الخارجية",
    "الفرنسي",
    "جان",
    "إيف",
    "لودريان",
    "إلى",
    "القاهرة",
    "قادما",
    "من",
    "بيروت",
    ".",
]


@pytest.fixture(scope="module")
def tagger() -> OnnxTagger:
    """The tagger that ships."""
    return load_tagger()


def names(tagger: OnnxTagger, *sentences: list[str]) -> list[set[tuple[str, str]]]:
    """(words, type) of the entities of every sentence."""
    found = []
    for words, labels in zip(sentences, tagger.tag(sentences), strict=True):
        spans: list[tuple[list[str], str]] = []
        for word, (label, _) in zip(words, labels, strict=True):
            if label.startswith("B-"):
                spans.append(([], label[2:]))
            if label != "O":
                spans[-1][0].append(word)
        found.append({(" ".join(words), kind) for words, kind in spans})
    return found


def test_names_of_an_ordinary_sentence(tagger: OnnxTagger) -> None:
    """A person and two places are found whole, nothing else."""
    assert names(tagger, SENTENCE) == [{("جان إيف لودريان", "PER"), ("القاهرة", "LOC"), ("بيروت", "LOC")}]


def test_every_word_has_a_label_and_a_probability(tagger: OnnxTagger) -> None:
    """Whatever the words are made of: nothing known, one letter, very many letters, no sentence at all."""
    sentences = [SENTENCE, [], ["\U0001f9ff", "ا" * 3000, "9", "<mask>", "</s>"], ["كلمة"] * 700]
    answer = tagger.tag(sentences)
    assert [len(labels) for labels in answer] == [len(words) for words in sentences]
    assert {label for labels in answer for label, _ in labels} <= set(load_manifest()["entities"].labels)
    assert all(0 <= confidence <= 1 for labels in answer for _, confidence in labels)
    assert tagger.tag([]) == []


def test_labels_are_legal_iob2(tagger: OnnxTagger) -> None:
    """An inside label follows its own type, in a long sentence as well."""
    labels = [label for label, _ in tagger.tag([SENTENCE * 40])[0]]
    assert all(after[2:] == before[2:] for before, after in pairwise(["O", *labels]) if after.startswith("I-"))


def test_spelling_habits_change_nothing(tagger: OnnxTagger) -> None:
    """Hamzas, ta marbuta and alef maqsura may be left out: same labels, same confidences."""
    bare = [word.translate(str.maketrans("أإآةى", "اااهي")) for word in SENTENCE]
    assert tagger.tag([bare]) == tagger.tag([SENTENCE])


def test_same_words_same_answer(tagger: OnnxTagger) -> None:
    """A second call, and another instance, give the same numbers."""
    assert tagger.tag([SENTENCE]) == tagger.tag([SENTENCE]) == load_tagger().tag([SENTENCE])


def test_far_sentences_do_not_touch_an_answer(tagger: OnnxTagger) -> None:
    """Only sentences of one window are read together; those that fill windows of their own stand alone."""
    far = SENTENCE * 20
    assert tagger.tag([far, SENTENCE])[1] == tagger.tag([SENTENCE])[0]


def test_names_are_found_anywhere_in_a_long_sentence(tagger: OnnxTagger) -> None:
    """Each repetition of a sentence without a full stop yields its places, across the borders of windows."""
    words = ["ثم", "سافر", "الوفد", "من", "تونس", "إلى", "باريس", "على", "متن", "طائرة", "خاصة", "،"] * 40
    labels = [label for label, _ in tagger.tag([words])[0]]
    missed = [i for i, word in enumerate(words) if word in {"تونس", "باريس"} and labels[i] != "B-LOC"]
    assert missed == []


def test_windows_cover_every_word_and_overlap() -> None:
    """Windows hold at most their pieces, leave no word out, and each begins inside the one before."""
    sizes = np.random.default_rng(7).integers(1, 25, 500)
    starts = np.cumsum([0, *sizes])
    windows = list(onnx._windows(starts, 64))
    assert windows[0][0] == 0
    assert windows[-1][1] == 500
    assert all(starts[last] - starts[first] <= 64 for first, last in windows)
    assert all(before[0] < after[0] <= before[1] < after[1] for before, after in pairwise(windows))


def test_groups_keep_order_and_size() -> None:
    """Neighbours share a window while they fit; every sentence is in one group."""
    sentences = [[[1] * 3] * n for n in (5, 5, 12, 0, 30, 2)]
    assert list(onnx._groups(sentences, 40)) == [[0, 1], [2, 3], [4], [5]]


def test_viterbi_finds_the_best_legal_path() -> None:
    """Against every path of a short random sentence."""
    rng = np.random.default_rng(3)
    table = transitions(LABELS)
    for _ in range(20):
        scores = rng.normal(size=(4, len(LABELS))).astype(np.float32)
        paths = np.stack(np.meshgrid(*[range(len(LABELS))] * 4, indexing="ij"), -1).reshape(-1, 4)
        sums = [
            sum(scores[i, label] for i, label in enumerate(path))
            + sum(table[before, after] for before, after in pairwise([-1, *path]))
            for path in paths
        ]
        assert viterbi(scores, table) == paths[int(np.argmax(sums))].tolist()


def test_transitions_forbid_a_lone_inside() -> None:
    """I- follows its own B- or I- alone; nothing begins with it."""
    table = transitions(LABELS)
    inside = LABELS.index("I-PER")
    allowed = [before for before, row in zip([*LABELS, "start"], table, strict=True) if row[inside] == 0]
    assert allowed == ["B-PER", "I-PER"]


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    """A model that is not the manifest's stops the start, and the message names the file."""
    entry = load_manifest()["entities"]
    for name in entry.files:
        shutil.copy(onnx.FOLDER / name, tmp_path)
    next(tmp_path.glob("*.json")).write_text("{}")
    with pytest.raises(ModelError, match=r"tokenizer\.json is not the one"):
        OnnxTagger(entry, tmp_path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """So does one that is not there."""
    with pytest.raises(ModelError, match="cannot be read"):
        OnnxTagger(load_manifest()["entities"], tmp_path)


@pytest.mark.parametrize("text", ["[entities]\nversion = 1", "[entities", "[entities]\nversion = 'a'\nsurprise = 1"])
def test_a_wrong_manifest_is_refused(tmp_path: Path, text: str) -> None:
    """A manifest that is not TOML or not of the shape stops the start."""
    (tmp_path / "manifest.toml").write_text(text)
    with pytest.raises(ModelError, match=r"manifest\.toml"):
        load_manifest(tmp_path)


def test_a_manifest_without_the_model_is_refused(tmp_path: Path) -> None:
    """The error says which model is not there."""
    (tmp_path / "manifest.toml").write_text("")
    with pytest.raises(ModelError, match="entities"):
        load_tagger(tmp_path)


def test_the_manifest_lists_what_is_beside_it() -> None:
    """Every model file is in the manifest, within the size that entities may take."""
    listed = {name for entry in load_manifest().values() for name in entry.files}
    assert {path.name for path in onnx.FOLDER.iterdir() if path.suffix in {".onnx", ".json"}} == listed
    assert sum((onnx.FOLDER / name).stat().st_size for name in load_manifest()["entities"].files) <= 36e6
