"""CAMeL's NER behind the tagger protocol, with a tiny random model that the test makes.

Needs torch and transformers: run by `make test-camel`, in an environment of its own.
"""

import json
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertForTokenClassification, BertTokenizer

from service.errors import ModelError
from service.models.camel import CONFIDENCE, load_camel_tagger

LABELS = ["B-LOC", "B-ORG", "B-PERS", "B-MISC", "I-LOC", "I-ORG", "I-PERS", "I-MISC", "O"]
KNOWN = {"O", *(f"{part}-{kind}" for part in "BI" for kind in ("LOC", "ORG", "PER", "MISC"))}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """CAMeL's data folder, with a random two-layer model under the default name."""
    model = tmp_path / "data" / "ner" / "arabert"
    model.mkdir(parents=True)
    letters = [chr(code) for code in range(0x0621, 0x064B)]
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    vocabulary = tmp_path / "vocab.txt"
    vocabulary.write_text("\n".join(pieces), encoding="utf-8")
    BertTokenizer(str(vocabulary)).save_pretrained(model)
    torch.manual_seed(1)
    shape = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    config = BertConfig(vocab_size=len(pieces), id2label=dict(enumerate(LABELS)), **shape)
    BertForTokenClassification(config).save_pretrained(model)
    component = {"default": "arabert", "datasets": {"arabert": {"path": "ner/arabert"}}}
    catalogue = {"version": "1.6", "packages": {}, "components": {"NamedEntityRecognition": component}}
    (tmp_path / "catalogue.json").write_text(json.dumps(catalogue), encoding="utf-8")
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    return tmp_path


def test_the_service_says_what_is_missing(data: Path) -> None:
    """First the model, then its entry, then the catalogue: each has its own message, and nothing is fetched."""
    (data / "data" / "ner" / "arabert" / "config.json").unlink()
    with pytest.raises(ModelError, match="its NER model is not"):
        load_camel_tagger()
    (data / "catalogue.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="does not name NamedEntityRecognition"):
        load_camel_tagger()
    (data / "catalogue.json").unlink()
    with pytest.raises(ModelError, match=r"no catalogue\.json"):
        load_camel_tagger()


def test_every_word_has_a_label(data: Path) -> None:
    """One known label a word, also for words that have no pieces and for sentences longer than the model's window."""
    tagger = load_camel_tagger()
    sentences = [["وصل", "الوفد", "\u200d", "إلى", "تونس"], ["كلمة"] * 300, []]
    tagged = tagger.tag(sentences)
    assert [5, 300, 0] == [len(sentence) for sentence in tagged]
    assert {label for sentence in tagged for label, _ in sentence} <= KNOWN
    assert {CONFIDENCE} == {confidence for sentence in tagged for _, confidence in sentence}
    assert [] == tagger.tag([])
    assert tagger.version.startswith("camel-tools 1.")
