"""Characters per second of dates and numbers together, against a peer in an environment of its own.

    python benchmarks/speed.py --peer PYTHON [--data DIR] [--articles N] [--seed N]

The texts are the samples and N news articles drawn with a seed. The service and the peer run in turn, one process each,
on one thread, timed in CPU seconds; what a process loads before its first text is not counted, reading the text
(normalising, tokenising) is.
PYTHON is an interpreter with puckling 0.5 (which needs Python 3.13); without `--peer` only the service is measured.
Last, texts of 1 to 100 kB show that the service's time grows with their length.
"""

import argparse
import json
import lzma
import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
REFERENCE = "2017-06-01"
GROWTH = (1, 3, 10, 30, 100)  # thousands of characters
PEER_DIMENSIONS = (
    "time", "duration", "numeral", "ordinal", "amount_of_money", "quantity", "temperature", "volume", "distance",
)  # fmt: skip


def texts(data: Path, articles: int, seed: int) -> list[str]:
    """The samples, and articles drawn with a seed."""
    samples = [path.read_text(encoding="utf-8") for path in sorted((data / "samples").glob("*.txt"))]
    with lzma.open(data / "news" / "antcorpus.jsonl.xz", "rt", encoding="utf-8") as lines:
        news = [json.loads(line)["text"] for line in lines]
    return samples + random.Random(seed).sample(news, articles)


def service() -> Callable[[str], object]:
    """Numerals, dates and numeric facts of a text, as the pipeline finds them."""
    sys.path.insert(0, str(ROOT))
    from service.extractors.annotations import Found  # the peer's interpreter has no such package
    from service.extractors.dates import build_dates
    from service.extractors.models import Models
    from service.extractors.numbers import build_facts, build_numerals
    from service.text.document import read

    models = Models()
    numerals, dates, facts = build_numerals(models), build_dates(models), build_facts(models)
    day = date.fromisoformat(REFERENCE)

    def extract(text: str) -> object:
        doc, found = read(text, day, region="TN"), Found()
        found.numerals = numerals(doc, found)
        found.dates = dates(doc, found)
        found.numeric_facts = facts(doc, found)
        return found

    return extract


def puckling() -> Callable[[str], object]:
    """The peer's time, numbers, money and measures, with its default options."""
    from puckling import Context, Lang, Locale, parse  # type: ignore[import-not-found]

    context = Context(reference_time=datetime.fromisoformat(f"{REFERENCE}T12:00:00+00:00"), locale=Locale(Lang.AR))
    return lambda text: parse(text, context, dims=PEER_DIMENSIONS)


def child(name: str) -> None:
    """Read texts from standard input, go through them once warm, and write the CPU seconds and how many failed."""
    extract = {"service": service, "puckling": puckling}[name]()
    everything = json.load(sys.stdin)
    extract("من 20 إلى 23 ماي 2025 على الساعة الثامنة مساء، 3 ملايين دينار")
    failed = 0
    start = time.process_time()
    for text in everything:
        try:
            extract(text)
        except Exception:  # the peer gives up on a few texts; what it took until then counts
            failed += 1
    print(time.process_time() - start, failed)


def run(interpreter: str, name: str, everything: list[str]) -> float:
    """CPU seconds that one process takes over all texts."""
    command = [interpreter, str(Path(__file__).resolve()), "--child", name]
    done = subprocess.run(  # noqa: S603  # the interpreter is the caller's own
        command, input=json.dumps(everything), capture_output=True, text=True, check=True
    )
    seconds, failed = done.stdout.split()[-2:]
    if int(failed):
        print(f"{name}: {failed} texts ended in an error")
    return float(seconds)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", help="a Python interpreter with puckling 0.5")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child)
        return
    everything = texts(options.data, options.articles, options.seed)
    characters = sum(map(len, everything))
    print(f"{len(everything)} texts, {characters} characters")
    seconds = run(sys.executable, "service", everything)
    print(f"service   {seconds:9.2f} s {characters / seconds:12.0f} characters/s")
    if options.peer:
        peer = run(options.peer, "puckling", everything)
        print(f"puckling  {peer:9.2f} s {characters / peer:12.0f} characters/s")
        print(f"ratio     {peer / seconds:9.1f}")
    whole = "\n".join(everything)
    for thousands in GROWTH:
        pieces = [whole[at : at + thousands * 1000] for at in range(0, 200_000, thousands * 1000)]
        took = run(sys.executable, "service", pieces)
        print(f"{thousands:4} kB texts {took / sum(map(len, pieces)) * 1e6:9.2f} µs a character")


if __name__ == "__main__":
    main()
