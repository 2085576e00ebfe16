"""Train the entity tagger.

    python -m training.ner --encoder DIR --data ../shared/data --out DIR --seed 1

Every corpus has an output layer of its own over the shared encoder; batches of the larger, looser corpora come early, so that
training ends on ANERcorp. Examples are one to three consecutive sentences. Names are swapped for others, quotes put around some.
"""
from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path
from typing import Callable, Sequence

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from training.encoder import MASK, load_encoder, load_tokenizer
from training.export import quantise, tagger_model, write_section
from training.ner_data import (Sentence, Swap, entities, read_conll, read_names, read_wikifane, read_wojood, split_selection)
from training.tagger import LABELS, Tagger, allowed, collate, viterbi

BATCH_PIECES = 1600
CONTEXT_PIECES = 180
VERSION = "entities 1.0.0"
LICENSE = "MIT for the encoder; trained on data with terms of their own, see NOTICE"
LATEST = {"wikifane": 0.7, "twitter": 0.85, "wojood": 0.85}
"""The part of training by which a corpus has been seen out."""


class Cutter:
    """Words to piece ids, remembered."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer, self.known = tokenizer, dict[str, list[int]]()

    def __call__(self, words: Sequence[str]) -> list[list[int]]:
        new = [word for word in dict.fromkeys(words) if word not in self.known]
        for word, encoding in zip(new, self.tokenizer.encode_batch(new)):
            self.known[word] = encoding.ids or [3]
        return [self.known[word] for word in words]


def quoted(sentence: Sentence, rate: float, rng: random.Random) -> Sentence:
    """Quotation marks around some of the names, outside of the entity."""
    starts = {s: e for s, e, _ in entities(sentence.tags) if rng.random() < rate}
    if not starts:
        return sentence
    ends = set(starts.values())
    out = Sentence([], [], sentence.corpus)
    for i, (word, tag) in enumerate(zip([*sentence.words, ""], [*sentence.tags, "O"])):
        if i in ends:
            out.words.append('"')
            out.tags.append("O")
        if i in starts:
            out.words.append('"')
            out.tags.append("O")
        if word:
            out.words.append(word)
            out.tags.append(tag)
    return out


Example = tuple[list[list[int]], list[int], str]


def examples(runs: Sequence[Sequence[Sentence]], cut: Cutter, change: Callable[[Sentence], Sentence], rng: random.Random) -> list[Example]:
    """Each sentence once, alone or with its neighbours, within CONTEXT_PIECES."""
    found: list[Example] = []
    for run in runs:
        want, open_ = 0, None
        for sentence in run:
            sentence = change(sentence)
            index = {label: i for i, label in enumerate(LABELS[sentence.corpus])}
            ids, tags = cut(sentence.words), [index[t] for t in sentence.tags]
            while ids:  # a sentence longer than the context is cut
                take, size = 0, 0
                while take < len(ids) and (size := size + len(ids[take])) <= CONTEXT_PIECES or not take:
                    take += 1
                part, part_tags, ids, tags = ids[:take], tags[:take], ids[take:], tags[take:]
                if open_ and want and sum(map(len, open_[0])) + sum(map(len, part)) <= CONTEXT_PIECES:
                    open_ = (open_[0] + part, open_[1] + part_tags, open_[2])
                    want -= 1
                else:
                    if open_:
                        found.append(open_)
                    open_, want = (part, part_tags, sentence.corpus), rng.choice((0, 0, 1, 2))
        if open_:
            found.append(open_)
    return found


def batches(found: list[Example], rng: random.Random) -> list[list[Example]]:
    """Examples of like length together, about BATCH_PIECES in each batch."""
    by_size: dict[int, list[Example]] = {}
    for example in found:
        by_size.setdefault((sum(map(len, example[0])) + 17) // 16 * 16, []).append(example)
    out: list[list[Example]] = []
    for size, members in sorted(by_size.items()):
        rng.shuffle(members)
        each = max(1, BATCH_PIECES // size)
        out += [members[at : at + each] for at in range(0, len(members), each)]
    rng.shuffle(out)
    return out


def label_scores(tagger: Tagger, sentences: Sequence[Sentence], cut: Cutter, corpus: str = "anercorp") -> list[np.ndarray]:
    """Log-probabilities (words × labels) of each sentence by itself."""
    tagger.eval()
    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i].words))
    out: list[np.ndarray] = [np.zeros(0)] * len(sentences)
    for at in range(0, len(order), 16):
        part = order[at : at + 16]
        ids, mask, words, _ = collate([cut(sentences[i].words)[:300] for i in part])
        ids = ids[:, :512]
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            scores = tagger(ids, None if mask is None else mask[:, :512], words.clamp(max=511), corpus).float().log_softmax(-1).numpy()
        for i, row in zip(part, scores):
            out[i] = np.full((len(sentences[i].words), row.shape[1]), -20.0, np.float32)
            out[i][:, 0] = 0.0  # words past what the encoder sees are no names
            seen = min(len(row), len(out[i]), 300)
            out[i][:seen] = row[:seen]
    tagger.train()
    return out


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
    labels = LABELS["anercorp"]
    table = allowed(labels)
    return [entities([labels[i] for i in viterbi(s, table)]) for s in scores]


def evaluate(tagger: Tagger, sets: dict[str, list[Sentence]], cut: Cutter) -> dict[str, dict[str, float]]:
    return {name: f1([entities(s.tags) for s in sentences], decode(label_scores(tagger, sentences, cut)))
            for name, sentences in sets.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=float, default=6, help="over ANERcorp")
    parser.add_argument("--wikifane", type=float, default=1.0, help="epochs over WikiFANE")
    parser.add_argument("--others", type=float, default=2.0, help="epochs over Twitter and Wojood")
    parser.add_argument("--swap", type=float, default=0.25)
    parser.add_argument("--hide", type=float, default=0.06, help="part of the words that are masked, so that context tells")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--embedding-rate", type=float, default=5e-5)
    parser.add_argument("--layers", type=int, nargs="*")
    parser.add_argument("--news", type=Path, help="more sentences to measure on")
    parser.add_argument("--final", action="store_true", help="measure on the development sets too")
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    torch.manual_seed(arguments.seed)

    tokenizer = load_tokenizer(arguments.encoder)
    cut = Cutter(tokenizer)
    tagger = Tagger(load_encoder(arguments.encoder, 0.0, arguments.layers)).train()
    mask_id = tokenizer.token_to_id(MASK)
    ner = arguments.data / "ner"
    runs, selection = split_selection(read_conll(ner / "anercorp-train.conll", "anercorp"))
    sets = {"selection": selection, "aqmar": read_conll(ner / "aqmar-dev.conll", "anercorp")}
    if arguments.news:
        sets["news"] = [Sentence(s["words"], s["tags"], "anercorp") for s in json.loads(arguments.news.read_text())]
    if arguments.final:
        sets["anercorp-dev"] = read_conll(ner / "anercorp-dev.conll", "anercorp")
    swap = Swap.learn([s for run in runs for s in run], read_names(arguments.data / "lexicon"), arguments.swap)

    plan: list[tuple[float, list[Example]]] = []

    def add(corpus_runs: Sequence[Sequence[Sentence]], epochs: float, change: Callable[[Sentence], Sentence]) -> None:
        while epochs > 0:
            found = examples(corpus_runs, cut, change, rng)
            if epochs < 1:
                found = rng.sample(found, int(epochs * len(found)))
            latest = LATEST.get(corpus_runs[0][0].corpus, 1.0)
            plan.extend((rng.random() * latest, batch) for batch in batches(found, rng))
            epochs -= 1

    add(runs, arguments.epochs, lambda s: quoted(swap(s, rng), 0.03, rng))
    if arguments.wikifane:
        found = read_wikifane(ner / "wikifane-gold.txt")  # most of the sentences without a name say little
        add([[s for s in found if set(s.tags) != {"O"} or rng.random() < 0.4]], arguments.wikifane, lambda s: s)
    if arguments.others:
        add([read_conll(ner / "twitter-train.conll", "twitter")], arguments.others, lambda s: s)
        add([read_wojood(ner / "wojood-sample-train.txt")], arguments.others, lambda s: s)
    plan.sort(key=lambda item: item[0])

    embeddings = [tagger.encoder.words.weight]
    heads = list(tagger.heads.parameters())
    named = {id(p) for p in [*embeddings, *heads]}
    body = [p for p in tagger.parameters() if id(p) not in named]
    if not arguments.embedding_rate:
        embeddings[0].requires_grad_(False)
    optimiser = torch.optim.AdamW([{"params": body, "lr": arguments.rate}, {"params": embeddings, "lr": arguments.embedding_rate},
                                   {"params": heads, "lr": 1e-3}], weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    steps, warm = len(plan), max(1, len(plan) // 12)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda i: min(1.0, (i + 1) / warm) * max(0.02, 1 - i / steps))
    arguments.out.mkdir(parents=True, exist_ok=True)
    began, seen, losses = time.time(), 0, []
    for step, (_, batch) in enumerate(plan):
        hidden = [[[mask_id] if rng.random() < arguments.hide else word for word in e[0]] for e in batch]
        ids, mask, words, real = collate(hidden)
        tags = torch.zeros_like(words)
        for i, (_, row, _) in enumerate(batch):
            tags[i, : len(row)] = torch.tensor(row)
        with torch.autocast("cpu", torch.bfloat16):
            scores = tagger(ids, mask, words, batch[0][2])
        loss = functional.cross_entropy(scores[real].float(), tags[real])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(tagger.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        seen += ids.numel()
        losses.append(loss.item())
        if step % 50 == 49:
            print(f"step {step + 1}/{steps} loss {np.mean(losses[-50:]):.4f} {seen / (time.time() - began):.0f} pieces/s", flush=True)
        if step % 400 == 399 or step + 1 == steps:
            print(json.dumps(evaluate(tagger, sets, cut)), flush=True)
            torch.save(tagger.state_dict(), arguments.out / "tagger.pt")
    export(tagger, tokenizer, temperature(label_scores(tagger, selection, cut), selection), arguments.out)


def temperature(scores: Sequence[np.ndarray], sentences: Sequence[Sentence]) -> float:
    """What log-probabilities are divided by to be calibrated: least cross-entropy over the words (Guo et al. 2017)."""
    index = {label: i for i, label in enumerate(LABELS["anercorp"])}
    rows = torch.from_numpy(np.concatenate(list(scores)))
    tags = torch.tensor([index[tag] for s in sentences for tag in s.tags])
    return min((t / 20 for t in range(16, 61)), key=lambda t: functional.cross_entropy(rows / t, tags).item())


def export(tagger: Tagger, tokenizer: Tokenizer, divisor: float, folder: Path) -> None:
    """The files that ship: the model in 8 bits, its tokenizer, its entry in the manifest."""
    head = tagger.heads["anercorp"]
    model = tagger_model(tagger.encoder, head.weight.detach().numpy(), head.bias.detach().numpy())
    quantise(model, folder / "entities.onnx")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    entry = {"version": VERSION, "license": LICENSE, "labels": list(LABELS["anercorp"]), "temperature": divisor, "window": CONTEXT_PIECES}
    write_section(folder, "entities", entry, ["entities.onnx", "tokenizer.json"])


if __name__ == "__main__":
    main()
