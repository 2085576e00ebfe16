"""An operator's own CAMeL NER in place of the shipped tagger.

CAMeL's recogniser needs torch, transformers and data that come from CAMeL's own downloader; the service ships none of
them and fetches nothing. Whatever is missing is said before anything is imported, because `camel_tools.data` goes to
the network when its catalogue is not there.
"""

import json
import os
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from service.errors import ModelError

# CAMeL gives labels without a score; models of its size reach an F1 of 0.83 on ANERcorp's test split.
CONFIDENCE = 0.8
# What camel_tools.ner and camel_tools.data import, beyond what the service itself needs.
_NEEDS = ("torch", "transformers", "muddler", "pyrsistent", "requests", "tqdm")
_COMPONENT = "NamedEntityRecognition"


class CamelTagger:
    """CAMeL's `NERecognizer` behind the service's tagger protocol."""

    def __init__(self, recogniser: Any) -> None:
        self._recogniser = recogniser
        self._pieces = recogniser.tokenizer.tokenize
        self._unknown: str = recogniser.tokenizer.unk_token

    @property
    def version(self) -> str:
        """Name and version, for `meta.models`."""
        return f"camel-tools {version('camel-tools')}"

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[tuple[str, float]]]:
        """IOB2 label and confidence of every word, with the labels that the service knows."""
        # The recogniser drops words without pieces, and all labels after them would shift.
        words = [[word if self._pieces(word) else self._unknown for word in sentence] for sentence in sentences]
        labels = self._recogniser.predict(words)
        return [[(label.replace("PERS", "PER"), CONFIDENCE) for label in sentence] for sentence in labels]


def load_camel_tagger() -> CamelTagger:
    """CAMeL's default NER model, from the operator's own data.

    Raises `ModelError` if a package that it needs or the data are missing.
    """
    missing = [name for name in _NEEDS if find_spec(name) is None]
    if missing:
        raise ModelError(
            f"ENTITIES_BACKEND=camel needs {', '.join(missing)}: install what requirements/camel.txt lists"
        )
    _check_data(Path(os.environ.get("CAMELTOOLS_DATA", Path.home() / ".camel_tools")).expanduser())
    from camel_tools.ner import NERecognizer  # needs torch, and reads the catalogue when imported

    return CamelTagger(NERecognizer.pretrained(use_gpu=False))


def _check_data(folder: Path) -> None:
    catalogue = folder / "catalogue.json"
    try:
        component = json.loads(catalogue.read_bytes())["components"][_COMPONENT]
        dataset = component["datasets"][component["default"]]["path"]
    except FileNotFoundError as error:
        raise ModelError(
            "ENTITIES_BACKEND=camel needs CAMeL's data: there is no catalogue.json in CAMELTOOLS_DATA "
            "(default: .camel_tools in the home folder); `camel_data -i ner-arabert` fetches it"
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"CAMeL's catalogue.json in CAMELTOOLS_DATA does not name {_COMPONENT}") from error
    if not (folder / "data" / dataset / "config.json").is_file():
        raise ModelError("CAMeL's catalogue is there, its NER model is not: `camel_data -i ner-arabert` fetches it")
