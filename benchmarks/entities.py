"""Words per second of the entities, against CAMeL's own NERecognizer over a model of AraBERT's size.

    python benchmarks/entities.py --peer PYTHON [--data DIR] [--articles N] [--seed N]

PYTHON is the interpreter of an environment with what requirements/camel.txt lists (`make test-camel` makes one).
CAMeL's weights come from its own downloader; here its recogniser runs on random weights of the same shape (12 layers,
hidden size 768) with a WordPiece vocabulary of 30 000 learned from the articles, so that its time is the real one and
its answers mean nothing. It is given ready sentences and timed in `predict` alone: its cutting into pieces, its padding
to 256, its batches of 32. The service is timed from the raw text to the entities. One process and one thread each, CPU
seconds, the same texts in turn.
"""

import argparse
import json
import lzma
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
DAY = date(2017, 6, 1)
PART = 2  # texts at a time
VOCABULARY = 30_000
LABELS = ("O", *(f"{part}-{kind}" for kind in ("LOC", "ORG", "PERS", "MISC") for part in "BI"))

Timed = Callable[[list[str]], float]


def sentences_of(text: str) -> list[list[str]]:
    """The words of a text's sentences."""
    from service.text.document import read

    doc = read(text, DAY)
    return [[token.text for token in doc.tokens[s.first : s.last]] for s in doc.sentences]


def service(_: Sequence[str]) -> Timed:
    """The entities of the service as it ships."""
    from service.extractors.annotations import Found
    from service.extractors.entities import build_entities
    from service.extractors.models import Models
    from service.models.onnx import load_tagger
    from service.text.document import read

    extract = build_entities(Models(tagger=load_tagger()))

    def seconds(texts: list[str]) -> float:
        start = time.process_time()
        for text in texts:
            extract(read(text, DAY), Found())
        return time.process_time() - start

    return seconds


def camel(articles: Sequence[str]) -> Timed:
    """CAMeL's recogniser over random weights."""
    import torch  # of the peer's environment, as what follows
    from tokenizers import BertWordPieceTokenizer
    from transformers import BertConfig, BertForTokenClassification, BertTokenizer

    torch.set_num_threads(1)
    torch.manual_seed(1)
    with tempfile.TemporaryDirectory() as folder:
        learned = BertWordPieceTokenizer(strip_accents=False, lowercase=False)
        learned.train_from_iterator(articles, vocab_size=VOCABULARY, show_progress=False)
        learned.save_model(folder)
        BertTokenizer(str(Path(folder) / "vocab.txt"), do_lower_case=False).save_pretrained(folder)
        config = BertConfig(vocab_size=learned.get_vocab_size(), id2label=dict(enumerate(LABELS)))
        BertForTokenClassification(config).save_pretrained(folder)
        empty = {"version": "1.6", "packages": {}, "components": {}}  # else CAMeL asks the network when imported
        (Path(folder) / "catalogue.json").write_text(json.dumps(empty), encoding="utf-8")
        os.environ["CAMELTOOLS_DATA"] = folder
        from camel_tools.ner import NERecognizer

        recogniser = NERecognizer(folder, use_gpu=False)

    def seconds(texts: list[str]) -> float:
        sentences = [sentence for text in texts for sentence in sentences_of(text)]
        start = time.process_time()
        recogniser.predict(sentences)
        return time.process_time() - start

    return seconds


def child(name: str) -> None:
    """Take all articles from standard input, then lists of texts, a line each; write the CPU seconds of each list."""
    sys.path.insert(0, str(ROOT))
    timed = {"service": service, "camel": camel}[name](json.loads(sys.stdin.readline()))
    timed(["وصل الوفد إلى تونس أمس."])
    for line in sys.stdin:
        print(timed(json.loads(line)), flush=True)


def start(interpreter: str, name: str, articles: list[str]) -> "subprocess.Popen[str]":
    """A child process that knows the articles."""
    command = [interpreter, str(Path(__file__).resolve()), "--child", name]
    process = subprocess.Popen(  # noqa: S603  # the interpreter is the caller's own
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    print(json.dumps(articles), file=process.stdin, flush=True)
    return process


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", help="a Python interpreter with camel-tools, torch and transformers")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--articles", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child)
        return
    sys.path.insert(0, str(ROOT))
    with lzma.open(options.data / "news" / "antcorpus.jsonl.xz", "rt", encoding="utf-8") as lines:
        articles = [json.loads(line)["text"] for line in lines]
    texts = random.Random(options.seed).sample(articles, options.articles)
    sentences = [sentence for text in texts for sentence in sentences_of(text)]
    words = sum(map(len, sentences))
    print(f"{len(texts)} texts, {len(sentences)} sentences, {words} words")
    running = {"service": start(sys.executable, "service", articles)}
    if options.peer:
        running["camel"] = start(options.peer, "camel", articles)
    spent = dict.fromkeys(running, 0.0)
    for at in range(0, len(texts), PART):
        for name, process in running.items():
            print(json.dumps(texts[at : at + PART]), file=process.stdin, flush=True)
            spent[name] += float(process.stdout.readline()) if process.stdout else 0.0
    for name, process in running.items():
        process.communicate()
        print(f"{name:9} {spent[name]:9.2f} s {words / spent[name]:9.0f} words/s")
    if options.peer:
        print(f"ratio     {spent['camel'] / spent['service']:9.1f}")


if __name__ == "__main__":
    main()
