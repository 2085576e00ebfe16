"""Characters per second of dates and numbers together, against a peer in an environment of its own.

    python benchmarks/speed.py --peer PYTHON [--data DIR] [--articles N] [--seed N]

The texts are the samples and N news articles drawn with a seed. The service and the peer have one process each, on one
thread, timed in CPU seconds, and take the same texts in turn, a part at a time: a busy machine slows both alike.
What a process loads before its first text is not counted; reading the text (normalising, tokenising) is.
PYTHON is an interpreter with puckling 0.5 (which needs Python 3.13); without `--peer` only the service is measured.
Last, texts of 1 to 100 kB show that the service's time grows with their length.
"""

import argparse
import gc
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
# Makes each side load what it loads late: words, numbers, and a date in an order that a last resort reads.
WARM = "من 20 إلى 23 ماي 2025 على الساعة الثامنة مساء، 3 ملايين دينار. نشر في 2025 ماي 20."
PART = 25  # texts at a time
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
    from puckling import Context, Lang, Locale, parse  # type: ignore[import-not-found]  # of the peer's environment

    context = Context(reference_time=datetime.fromisoformat(f"{REFERENCE}T12:00:00+00:00"), locale=Locale(Lang.AR))
    return lambda text: parse(text, context, dims=PEER_DIMENSIONS)


def child(name: str) -> None:
    """Take lists of texts from standard input, a line each; write the CPU seconds of each and how many texts failed."""
    extract = {"service": service, "puckling": puckling}[name]()
    extract(WARM)
    gc.collect()
    gc.freeze()  # as a worker of the service does: what is loaded stays
    for line in sys.stdin:
        failed = 0
        texts_of_line = json.loads(line)
        start = time.process_time()
        for text in texts_of_line:
            try:
                extract(text)
            except Exception:  # the peer gives up on a few texts; what it took until then counts
                failed += 1
        print(time.process_time() - start, failed, flush=True)


class Runner:
    """A child process that extracts."""

    def __init__(self, interpreter: str, name: str) -> None:
        command = [interpreter, str(Path(__file__).resolve()), "--child", name]
        self.process = subprocess.Popen(  # noqa: S603  # the interpreter is the caller's own
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if self.process.stdout is None:
            raise RuntimeError("the child has no output")
        self.answers = self.process.stdout
        self.failed = 0

    def seconds(self, part: list[str]) -> float:
        """CPU seconds for some texts."""
        print(json.dumps(part), file=self.process.stdin, flush=True)
        seconds, failed = self.answers.readline().split()
        self.failed += int(failed)
        return float(seconds)

    def close(self) -> None:
        """End the process."""
        self.process.communicate()


def run(runners: dict[str, Runner], everything: list[str]) -> dict[str, float]:
    """CPU seconds of each over all texts, taken in turn."""
    spent = dict.fromkeys(runners, 0.0)
    for at in range(0, len(everything), PART):
        for name, runner in runners.items():
            spent[name] += runner.seconds(everything[at : at + PART])
    return spent


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
    runners = {"service": Runner(sys.executable, "service")}
    if options.peer:
        runners["puckling"] = Runner(options.peer, "puckling")
    spent = run(runners, everything)
    for name, seconds in spent.items():
        failed = runners[name].failed
        print(f"{name:9} {seconds:9.2f} s {characters / seconds:12.0f} characters/s   {failed} texts ended in an error")
    if options.peer:
        print(f"ratio     {spent['puckling'] / spent['service']:9.1f}")
    whole = "\n".join(everything)
    for thousands in GROWTH:
        pieces = [whole[at : at + thousands * 1000] for at in range(0, 200_000, thousands * 1000)]
        took = runners["service"].seconds(pieces)
        print(f"{thousands:4} kB texts {took / sum(map(len, pieces)) * 1e6:9.2f} µs a character")
    for runner in runners.values():
        runner.close()


if __name__ == "__main__":
    main()
