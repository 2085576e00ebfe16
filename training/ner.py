"""Train the entity tagger, from the corpora to the files that ship.

    python -m training.ner --encoder DIR --data ../shared/data --out DIR --seeds 1 2 3

First stage: every corpus has an output layer of its own over the shared encoder; batches of the larger, looser corpora
come early, so that training ends on ANERcorp. Examples are one to three consecutive sentences. Names are swapped for
others, quotes put around some, words hidden. Second stage: unlabelled news and encyclopedia, labelled by the taggers of
all seeds together, beside another round of ANERcorp: the first tagger learns what they know together (Hinton et al.
2015), twice, from other text each time. What ships is the mean of both and of what they began as (Wortsman et al.
2022).

A seed's first stage whose file is in OUT already is not trained again; to train several side by side, run each with
`--unlabelled 0`.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from training.encoder import BOS, EOS, load_encoder, load_tokenizer, mask_of
from training.export import POSITIONS, Ranges, input_ranges, quantise, tagger_model, write_section
from training.ner_data import (
    Sentence,
    Swap,
    entities,
    read_conll,
    read_names,
    read_wikifane,
    read_wojood,
    read_written,
    split_selection,
)
from training.tagger import LABELS, MIXTURE, TEACHERS, Tagger, allowed, collate, viterbi
from training.unlabelled import encyclopedia, news, stretches

BATCH_PIECES = 1600
CONTEXT_PIECES = 180
VERSION = "entities 2.1.0"
LICENSE = "MIT for the encoder; trained on data with terms of their own, see NOTICE"
FIRST = {"anercorp": 6.0, "wikifane": 1.0, "twitter": 1.0, "wojood": 1.0, "written": 2.0}
SECOND = {"anercorp": 2.0, "wikifane": 0.3, "written": 2.0}
"""Epochs over the corpora in the two stages."""
STUDENTS, KEPT = 2, 0.2
"""How often the second stage is run, and how much of its weights before that the tagger that ships keeps."""
EMBEDDING_RATE = 5e-5
SWAPPED, HIDDEN = 0.25, 0.06
"""Parts of the names that are others, of the words that are masked, so that context tells."""
LONGEST = 120
"""Words of an unlabelled example at most."""
LATEST = {"wikifane": 0.7, "twitter": 0.85, "wojood": 0.85}
"""The part of training by which a corpus has been seen out."""

Tags = list[int] | np.ndarray  # labels, or a distribution over labels for every word


@dataclass(frozen=True)
class Example:
    """Words in pieces, what is to be said of them, and by whose conventions."""

    words: list[list[int]]
    tags: Tags
    corpus: str

    @property
    def size(self) -> int:
        return sum(map(len, self.words))


class Cutter:
    """Words to piece ids, remembered."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer, self.known = tokenizer, dict[str, list[int]]()

    def __call__(self, given: Sequence[str]) -> list[list[int]]:
        new = [word for word in dict.fromkeys(given) if word not in self.known]
        for word, encoding in zip(new, self.tokenizer.encode_batch(new)):
            self.known[word] = encoding.ids or [3]
        return [self.known[word] for word in given]


# ------------------------------------------------------------------------------------------------------------- examples


def quoted(sentence: Sentence, rate: float, rng: random.Random) -> Sentence:
    """Quotation marks around some of the names, outside of the entity."""
    starts = {s: e for s, e, _ in entities(sentence.tags) if rng.random() < rate}
    if not starts:
        return sentence
    ends = set(starts.values())
    out = Sentence([], [], sentence.corpus)
    for i, (word, tag) in enumerate(zip([*sentence.words, ""], [*sentence.tags, "O"])):
        marks = (i in ends) + (i in starts)
        out.words.extend(['"'] * marks)
        out.tags.extend(["O"] * marks)
        if word:
            out.words.append(word)
            out.tags.append(tag)
    return out


def joined(
    runs: Sequence[Sequence[Sentence]], cut: Cutter, change: Callable[[Sentence], Sentence], rng: random.Random
) -> list[Example]:
    """Each sentence once, alone or with its neighbours, within CONTEXT_PIECES; a longer one is cut."""
    found: list[Example] = []
    for run in runs:
        want, last = 0, None
        for sentence in map(change, run):
            index = {label: i for i, label in enumerate(LABELS[sentence.corpus])}
            ids, tags = cut(sentence.words), [index[t] for t in sentence.tags]
            while ids:
                take, size = 1, len(ids[0])
                while take < len(ids) and size + len(ids[take]) <= CONTEXT_PIECES:
                    size += len(ids[take])
                    take += 1
                if last and want and last.size + size <= CONTEXT_PIECES:
                    last = Example(last.words + ids[:take], [*last.tags, *tags[:take]], last.corpus)
                    want -= 1
                else:
                    if last:
                        found.append(last)
                    last, want = Example(ids[:take], tags[:take], sentence.corpus), rng.choice((0, 0, 1, 2))
                ids, tags = ids[take:], tags[take:]
        if last:
            found.append(last)
    return found


def batches(found: Sequence[Example], rng: random.Random) -> list[list[Example]]:
    """Examples of like length together, BATCH_PIECES in each batch, in random order."""
    by_size: dict[int, list[Example]] = {}
    for example in found:
        by_size.setdefault((example.size + 17) // 16 * 16, []).append(example)
    out: list[list[Example]] = []
    for size, members in sorted(by_size.items()):
        rng.shuffle(members)
        each = max(1, BATCH_PIECES // size)
        out += [members[at : at + each] for at in range(0, len(members), each)]
    rng.shuffle(out)
    return out


def supervised(
    ner: Path, lexicon: Path, cut: Cutter, epochs: dict[str, float], swap_rate: float, rng: random.Random
) -> list[list[Example]]:
    """The batches of a stage over annotated corpora, `epochs` times each (parts of one count)."""
    runs, _ = split_selection(read_conll(ner / "anercorp-train.conll", "anercorp"))
    swap = Swap.learn([s for run in runs for s in run], read_names(lexicon), swap_rate)
    corpora: dict[str, Sequence[Sequence[Sentence]]] = {"anercorp": runs}
    if epochs.get("wikifane"):  # most of its sentences without a name say little
        corpora["wikifane"] = [
            [s for s in read_wikifane(ner / "wikifane-gold.txt") if set(s.tags) != {"O"} or rng.random() < 0.4]
        ]
    if epochs.get("twitter"):
        corpora["twitter"] = [read_conll(ner / "twitter-train.conll", "twitter")]
    if epochs.get("written"):
        corpora["written"] = [[s] for s in read_written(Path(__file__).with_name("entities_written.txt"))]
    if epochs.get("wojood"):
        corpora["wojood"] = [read_wojood(ner / "wojood-sample-train.txt")]
    plan: list[tuple[float, list[Example]]] = []
    for corpus, sentences in corpora.items():
        alters = corpus in {"anercorp", "written"}
        change = (lambda s: quoted(swap(s, rng), 0.03, rng)) if alters else (lambda s: s)
        left = epochs[corpus]
        while left > 0:
            found = joined(sentences, cut, change, rng)
            if left < 1:
                found = rng.sample(found, int(left * len(found)))
            plan.extend((rng.random() * LATEST.get(corpus, 1.0), batch) for batch in batches(found, rng))
            left -= 1
    return [batch for _, batch in sorted(plan, key=lambda item: item[0])]


# ------------------------------------------------------------------------------------------------------------- training


def train(
    tagger: Tagger,
    plan: Sequence[Sequence[Example]],
    rates: tuple[float, float, float],
    hide: float,
    mask_id: int,
    rng: random.Random,
    report: Callable[[], None],
) -> None:
    """One stage. `rates` are those of the body, the word embeddings and the output layers; `hide` is the part of words
    masked.
    """
    embeddings, heads = [tagger.encoder.words.weight], list(tagger.heads.parameters())
    embeddings[0].requires_grad_(rates[1] > 0)
    apart = {id(p) for p in [*embeddings, *heads]}
    groups = [[p for p in tagger.parameters() if id(p) not in apart], embeddings, heads]
    optimiser = torch.optim.AdamW(
        [{"params": g, "lr": rate} for g, rate in zip(groups, rates)], weight_decay=0.01, betas=(0.9, 0.98), fused=True
    )
    steps, warm = len(plan), max(1, len(plan) // 12)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda i: min(1.0, (i + 1) / warm) * max(0.02, 1 - i / steps)
    )
    tagger.train()
    began, seen, losses = time.time(), 0, []
    for step, batch in enumerate(plan, start=1):
        ids, mask, firsts, real = collate(
            [[[mask_id] if rng.random() < hide else word for word in e.words] for e in batch]
        )
        with torch.autocast("cpu", torch.bfloat16):
            scores = tagger(ids, mask, firsts, batch[0].corpus)
        loss = functional.cross_entropy(scores[real].float(), targets(batch))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(tagger.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        seen += ids.numel()
        losses.append(loss.item())
        if step % 50 == 0:
            print(
                f"step {step}/{steps} loss {np.mean(losses[-50:]):.4f} {seen / (time.time() - began):.0f} pieces/s",
                flush=True,
            )
        if step % 400 == 0 or step == steps:
            report()


def targets(batch: Sequence[Example]) -> Tensor:
    """Labels of all words of a batch one after the other: a class or a distribution each."""
    if isinstance(batch[0].tags, np.ndarray):
        return torch.from_numpy(np.concatenate([np.asarray(e.tags) for e in batch]))
    return torch.tensor([tag for e in batch for tag in e.tags])


def label_scores(
    tagger: Tagger, sentences: Sequence[Sequence[str]], cut: Cutter, mixture: dict[str, float] = MIXTURE
) -> list[np.ndarray]:
    """Log-probabilities (words × ANERcorp's labels) of each sentence by itself; words past 250 are no names."""
    tagger.eval()
    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i]))
    out: list[np.ndarray] = [np.zeros(0)] * len(sentences)
    for at in range(0, len(order), 24):
        part = order[at : at + 24]
        pieces = [[word[:24] for word in cut(sentences[i][:250])] for i in part]
        while max(sum(map(len, p)) for p in pieces) > 500:
            pieces = [p[: max(1, len(p) * 3 // 4)] if sum(map(len, p)) > 500 else p for p in pieces]
        ids, mask, firsts, _ = collate(pieces)
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            rows = tagger.mixed(ids, mask, firsts, mixture).clamp(min=1e-9).log().numpy()
        for i, p, row in zip(part, pieces, rows):
            out[i] = np.full((len(sentences[i]), row.shape[1]), -20.0, np.float32)
            out[i][:, 0] = 0.0
            out[i][: len(p)] = row[: len(p)]
    tagger.train()
    return out


# ----------------------------------------------------------------------------------------------------------- evaluation


def f1(gold: Sequence[set[tuple[int, int, str]]], got: Sequence[set[tuple[int, int, str]]]) -> dict[str, float]:
    """Entity-level F1 in percent by type, and of PER, LOC and ORG together."""
    figures = {}
    for name, kinds in (("all3", ("PER", "LOC", "ORG")), ("PER", ("PER",)), ("LOC", ("LOC",)), ("ORG", ("ORG",))):
        a = [{e for e in s if e[2] in kinds} for s in gold]
        b = [{e for e in s if e[2] in kinds} for s in got]
        hits = sum(len(x & y) for x, y in zip(a, b))
        total = sum(map(len, a)) + sum(map(len, b))
        figures[name] = round(200 * hits / total, 1) if total else 0.0
    return figures


def decode(scores: Sequence[np.ndarray]) -> list[set[tuple[int, int, str]]]:
    """The entities of the best legal labels."""
    labels = LABELS["anercorp"]
    table = allowed(labels)
    return [entities([labels[i] for i in viterbi(s, table)]) for s in scores]


def evaluate(tagger: Tagger, sets: dict[str, list[Sentence]], cut: Cutter) -> dict[str, dict[str, float]]:
    return {
        name: f1([entities(s.tags) for s in sentences], decode(label_scores(tagger, [s.words for s in sentences], cut)))
        for name, sentences in sets.items()
    }


def temperature(scores: Sequence[np.ndarray], sentences: Sequence[Sentence]) -> float:
    """What log-probabilities are divided by to be calibrated: least cross-entropy over the words (Guo et al. 2017)."""
    index = {label: i for i, label in enumerate(LABELS["anercorp"])}
    rows = torch.from_numpy(np.concatenate(list(scores)))
    tags = torch.tensor([index[tag] for s in sentences for tag in s.tags])
    return min((t / 20 for t in range(10, 61)), key=lambda t: functional.cross_entropy(rows / t, tags).item())


def export(tagger: Tagger, tokenizer: Tokenizer, ranges: Ranges, divisor: float, folder: Path) -> None:
    """The files that ship: the model in 8 bits, its tokenizer, its entry in the manifest."""
    quantise(tagger_model(tagger, MIXTURE, ranges), folder / "entities.onnx")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    entry = {
        "version": VERSION,
        "license": LICENSE,
        "labels": list(LABELS["anercorp"]),
        "temperature": divisor,
        "window": CONTEXT_PIECES,
    }
    write_section(folder, "entities", entry, ["entities.onnx", "tokenizer.json"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument(
        "--unlabelled", type=int, default=400_000, help="words without labels in the second stage, which 0 leaves out"
    )
    arguments = parser.parse_args()

    tokenizer = load_tokenizer(arguments.encoder)
    mask_id, cut = mask_of(tokenizer), Cutter(tokenizer)
    ner, lexicon = arguments.data / "ner", arguments.data / "lexicon"
    _, selection = split_selection(read_conll(ner / "anercorp-train.conll", "anercorp"))
    sets = {"selection": selection, "aqmar": read_conll(ner / "aqmar-dev.conll", "anercorp")}

    def stage(tagger: Tagger, plan: list[list[Example]], rates: tuple[float, float], seed: int, kept: Path) -> None:
        kept.mkdir(parents=True, exist_ok=True)

        def report() -> None:
            print(json.dumps(evaluate(tagger, sets, cut)), flush=True)
            torch.save(tagger.state_dict(), kept / "latest.pt")

        body, heads = rates
        train(tagger, plan, (body, EMBEDDING_RATE, heads), HIDDEN, mask_id, random.Random(seed), report)
        (kept / "latest.pt").rename(kept / "tagger.pt")

    taggers = []
    for seed in arguments.seeds:
        torch.manual_seed(seed)
        kept, tagger = arguments.out / f"seed-{seed}", Tagger(load_encoder(arguments.encoder, 0.0))
        if (kept / "tagger.pt").exists():
            tagger.load_state_dict(torch.load(kept / "tagger.pt", weights_only=True))
        else:
            plan = supervised(ner, lexicon, cut, FIRST, SWAPPED, random.Random(seed))
            stage(tagger, plan, (2e-4, 1e-3), seed, kept)
        taggers.append(tagger)
    if not arguments.unlabelled:
        return
    sources = [list(read(arguments.data)) for read in (news, encyclopedia)]
    tagger, mean = copy.deepcopy(taggers[0]), {name: KEPT * value for name, value in taggers[0].state_dict().items()}
    for student in range(1, STUDENTS + 1):
        rng = random.Random(arguments.seeds[0] + student)
        texts = [run for source in sources for run in stretches(source, arguments.unlabelled // 2, rng)]
        texts = [run for run in texts if len(run) <= LONGEST]
        said = zip(*(label_scores(teacher, texts, cut, TEACHERS) for teacher in taggers), strict=True)
        taught = [Example(cut(w), np.mean(np.exp(p), axis=0), "anercorp") for w, p in zip(texts, said, strict=True)]
        plan = supervised(ner, lexicon, cut, SECOND, SWAPPED, rng) + batches(taught, rng)
        rng.shuffle(plan)
        tagger.load_state_dict(taggers[0].state_dict())
        stage(tagger, plan, (1.5e-4, 3e-4), arguments.seeds[0] + student, arguments.out / f"student-{student}")
        mean = {name: mean[name] + (1 - KEPT) / STUDENTS * value for name, value in tagger.state_dict().items()}
    tagger.load_state_dict(mean)
    print(json.dumps(evaluate(tagger, sets, cut)), flush=True)
    divisor = temperature(label_scores(tagger, [s.words for s in selection], cut), selection)
    typical = [*(s.words for s in selection[:150]), *texts[:125]]
    pieces = [[BOS, *(i for word in cut(words[:200]) for i in word), EOS] for words in typical]
    ranges = input_ranges(tagger.encoder, [ids[:POSITIONS] for ids in pieces])
    export(tagger, tokenizer, ranges, divisor, arguments.out)


if __name__ == "__main__":
    main()
