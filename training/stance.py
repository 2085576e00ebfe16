"""Trains the stance classifier: a pair encoder of target and passage, favor / against / neutral.

    python -m training.stance cv   --encoder DIR --data ../shared/data --out DIR    5 folds, and topics held out whole
    python -m training.stance ship --encoder DIR --data ../shared/data --out DIR    the file, into service/models

`ship` calibrates on a fold that a model of the same plan has not seen, trains on everything and writes the ONNX file.
What `cv` has run already in the same `--out` is not run again.

A pair is `<s> target </s> </s> passage </s>`; the classifier reads the first piece and the mean of the passage's.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from training import stance_data as data
from training import stance_news as prose
from training.encoder import BOS, EOS, MASK, PAD, UNK, load_encoder, load_tokenizer
from training.stance_data import LABELS, Row
from training.stance_export import write_model
from training.stance_model import LAYERS, PAIR_PIECES, Classifier

TARGET_PIECES = 48
MASKED = 0.1
"""Share of the pieces hidden in training: in place of dropout, whose random numbers cost a sixth of the time."""
TWEETS = 0.8
"""Share of the tweets drawn for an epoch."""
CLAIMS, COMPOSED, REPORTED, WRITTEN = 1000, 1500, 500, 6
"""Rows an epoch of claims made from news, of composed passages, of real leads; times that written ones are read."""
HELD_TOPICS = (
    ("Vaccine", "vaccine_booster_dose", "Aramco", "Faisal_bin_Turkis_resignation"),
    ("women_driving", "multi_mariage", "Qiddiya", "Abdulaziz_bin_Turki_Head_of_Sports"),
    ("update_curricula", "online_learning", "chineese", "coexistence_with_religions", "fix_domestic_tourism"),
)


@dataclass(frozen=True)
class Plan:
    """How one model is trained."""

    layers: tuple[int, ...]
    epochs: int = 3
    batch: int = 32
    rate: float = 3e-4
    decay: float = 0.9  # of the rate, a layer towards the input
    smoothing: float = 0.05
    seed: int = 1


@dataclass(frozen=True)
class Pair:
    """Piece ids of a pair, and where its passage begins."""

    ids: tuple[int, ...]
    passage: int
    label: int


def encode(tokenizer: Tokenizer, rows: Sequence[Row]) -> list[Pair]:
    """Every row as pieces, the passage cut at `PAIR_PIECES` in all."""
    targets = tokenizer.encode_batch([data.clean(row.target) for row in rows])
    texts = tokenizer.encode_batch([data.clean(row.text) for row in rows])
    pairs = []
    for row, target, text in zip(rows, targets, texts, strict=True):
        head = [BOS, *target.ids[:TARGET_PIECES], EOS, EOS]
        pairs.append(Pair((*head, *text.ids[: PAIR_PIECES - len(head) - 1], EOS), len(head), row.label))
    return pairs


def collate(pairs: Sequence[Pair]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Padded ids, real pieces, passage pieces, labels."""
    width = max(len(pair.ids) for pair in pairs)
    ids = np.full((len(pairs), width), PAD)
    passage = np.zeros((len(pairs), width), bool)
    for i, pair in enumerate(pairs):
        ids[i, : len(pair.ids)] = pair.ids
        passage[i, pair.passage : len(pair.ids) - 1] = True
    return (
        torch.from_numpy(ids),
        torch.from_numpy(ids != PAD),
        torch.from_numpy(passage),
        torch.tensor([pair.label for pair in pairs]),
    )


def batches(pairs: Sequence[Pair], size: int, rng: random.Random) -> list[list[Pair]]:
    """Shuffled batches of pairs of like length."""
    order = list(pairs)
    rng.shuffle(order)
    pool = size * 40
    out = []
    for at in range(0, len(order), pool):
        near = sorted(order[at : at + pool], key=lambda pair: len(pair.ids))
        out += [near[i : i + size] for i in range(0, len(near), size)]
    rng.shuffle(out)
    return out


def fit(plan: Plan, folder: Path, examples: Sequence[list[Row]], log: str, keep: Path | None = None) -> Classifier:
    """Train one model; `examples` are each epoch's rows; with `keep`, a run goes on after the last epoch kept there."""
    torch.manual_seed(plan.seed)
    rng = random.Random(plan.seed)
    tokenizer = load_tokenizer(folder)
    model = Classifier(load_encoder(folder, dropout=0.0, layers=plan.layers)).train()
    model.encoder.words.requires_grad_(False)
    epochs = [batches(encode(tokenizer, rows), plan.batch, rng) for rows in examples]
    steps = sum(map(len, epochs))
    groups = []
    depth = len(model.encoder.layers)
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            part = name.split(".")
            below = (
                depth - 1 - int(part[2]) if part[:2] == ["encoder", "layers"] else depth if part[0] == "encoder" else 0
            )
            groups.append(
                {
                    "params": [parameter],
                    "lr": plan.rate * plan.decay**below,
                    "weight_decay": 0.01 if parameter.ndim > 1 else 0.0,
                }
            )
    optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)
    files = [keep / f"epoch-{number}.pt" for number in range(1, len(epochs) + 1)] if keep else []
    done = sum(file.exists() for file in files)
    if done:
        model.load_state_dict(torch.load(files[done - 1], weights_only=True))
    gone = sum(map(len, epochs[:done]))
    warm = max(1, steps // 12)  # of a run that goes on, too: the optimiser begins anew
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / warm, max(0.02, (steps - gone - s) / (steps - warm)))
    )
    noise = np.random.default_rng(plan.seed)
    mask = tokenizer.token_to_id(MASK)
    began, pieces = time.time(), 0
    for epoch, found in enumerate(epochs[done:], done):
        total = 0.0
        for number, batch in enumerate(found, 1):
            ids, real, passage, labels = collate(batch)
            hidden = torch.from_numpy(noise.random(ids.shape) < MASKED) & (ids > UNK)
            ids = ids.masked_fill(hidden, mask)
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(ids, real, passage)
            loss = functional.cross_entropy(logits, labels, label_smoothing=plan.smoothing)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
            pieces += ids.numel()
            if number % 200 == 0 or number == len(found):
                speed = pieces / (time.time() - began)
                print(
                    f"{log} epoch {epoch + 1}/{len(epochs)} step {number}/{len(found)} loss {total / number:.4f} "
                    f"{speed:.0f} pieces/s",
                    flush=True,
                )
        if files:
            torch.save(model.state_dict(), files[epoch])
    return model.eval()


def predict(model: Classifier, tokenizer: Tokenizer, rows: Sequence[Row]) -> np.ndarray:
    """Logits, rows × 3."""
    pairs = encode(tokenizer, rows)
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i].ids))
    logits = np.zeros((len(pairs), len(LABELS)), np.float32)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(order), 64):
            chunk = order[at : at + 64]
            logits[chunk] = model(*collate([pairs[i] for i in chunk])[:3]).numpy()
    return logits


# ------------------------------------------------------------------------------------------------------------ measures


def f1(gold: np.ndarray, got: np.ndarray, label: int) -> float:
    """F1 of one label."""
    right = int(((gold == label) & (got == label)).sum())
    return 2 * right / max(1, int((gold == label).sum() + (got == label).sum()))


def favg2(rows: Sequence[Row], logits: np.ndarray) -> tuple[float, dict[str, float]]:
    """The scorer's measure: mean F1 of favor and against for each topic, then over topics."""
    gold, got = np.array([row.label for row in rows]), logits.argmax(1)
    by: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        by[row.topic].append(i)
    each = {topic: (f1(gold[at], got[at], 0) + f1(gold[at], got[at], 1)) / 2 for topic, at in by.items()}
    return sum(each.values()) / len(each), each


def macro(rows: Sequence[Row], logits: np.ndarray) -> float:
    """Macro-F1 over the three labels."""
    gold, got = np.array([row.label for row in rows]), logits.argmax(1)
    return sum(f1(gold, got, label) for label in range(3)) / 3


def softmax(logits: np.ndarray) -> np.ndarray:
    """Rows of probabilities."""
    e = np.exp(logits - logits.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def calibration_error(rows: Sequence[Row], logits: np.ndarray, temperature: float) -> float:
    """Expected calibration error of the top label, ten bins."""
    p = softmax(logits / temperature)
    sure, right = p.max(1), p.argmax(1) == np.array([row.label for row in rows])
    bins = np.minimum((sure * 10).astype(int), 9)
    return float(sum(abs(sure[bins == b].sum() - right[bins == b].sum()) for b in range(10)) / len(rows))


def best_temperature(rows: Sequence[Row], logits: np.ndarray) -> float:
    """The temperature of least log-loss."""
    gold = np.array([row.label for row in rows])

    def loss(temperature: float) -> float:
        return float(-np.log(softmax(logits / temperature)[np.arange(len(gold)), gold] + 1e-9).mean())

    return min((t / 50 for t in range(25, 200)), key=loss)


def report(name: str, rows: Sequence[Row], logits: np.ndarray) -> None:
    """One line of figures."""
    mean, each = favg2(rows, logits)
    temperature = best_temperature(rows, logits)
    print(
        f"{name}: Favg2 {mean:.4f} macro-F1 {macro(rows, logits):.4f} rows {len(rows)} temperature {temperature:.2f} "
        f"ECE {calibration_error(rows, logits, temperature):.4f} " + " ".join(f"{t}={v:.3f}" for t, v in each.items()),
        flush=True,
    )


# ------------------------------------------------------------------------------------------------------------ commands


@dataclass(frozen=True)
class Material:
    """What every model is trained on beside its tweets."""

    headlines: list[Row]
    claims: list[Row]
    leads: list[str]


def material(folder: Path, seed: int) -> Material:
    """Reads ANS's training pairs and the news."""
    rng = random.Random(seed)
    articles = data.read_articles(folder / "news/antcorpus.jsonl.xz", rng)
    headlines = data.read_headlines(folder / "stance/ans-train.csv")
    return Material(headlines, data.claims(articles[:6000], rng), [lead for _, lead, _ in articles])


def mixture(tweets: Sequence[Row], more: Material, epochs: int, seed: int) -> list[list[Row]]:
    """The rows of every epoch: augmentation is drawn anew for each."""
    out = []
    for epoch in range(epochs):
        rng = random.Random(1000 * seed + epoch)
        drawn = rng.sample([*tweets, *data.rare(tweets)], int(TWEETS * len(tweets)))
        rows = data.paraphrased(drawn, rng) + data.mismatched(drawn, 0.1, rng)
        rows += [row if rng.random() < 0.6 else data.turned([row])[0] for row in more.headlines]
        rows += rng.sample(more.claims, CLAIMS)
        rows += prose.composed(COMPOSED, more.leads, rng) + prose.reported(REPORTED, more.leads, rng)
        own = prose.written()
        rows += WRITTEN * own + prose.unrelated(own, rng)
        out.append(rows)
    return out


def held_out(
    name: str, plan: Plan, encoder: Path, train: list[list[Row]], tests: dict[str, list[Row]], out: Path
) -> dict[str, np.ndarray]:
    """Logits on the tests of a model trained without them, kept in a file so that a run can go on where it stopped."""
    file = out / f"{name}.npz"
    if not file.exists():
        model = fit(plan, encoder, train, name)
        tokenizer = load_tokenizer(encoder)
        np.savez(file, **{key: predict(model, tokenizer, rows) for key, rows in tests.items()})
    with np.load(file) as saved:
        return {key: saved[key] for key in tests}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("cv", "ship"))
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layers", type=int, nargs="+", default=LAYERS)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folds", type=int, nargs="*", default=[0, 1, 2, 3, 4], help="which of the five folds to run")
    parser.add_argument("--rotations", type=int, nargs="*", default=[0, 1, 2], help="which sets of held topics to run")
    parser.add_argument("--models", type=Path, default=Path("service/models"), help="where the shipped file goes")
    parser.add_argument("--version", default="stance-1")
    arguments = parser.parse_args()
    plan = Plan(layers=tuple(arguments.layers), epochs=arguments.epochs, rate=arguments.rate, seed=arguments.seed)
    arguments.out.mkdir(parents=True, exist_ok=True)
    tweets = data.read_tweets(arguments.data / "stance")
    claims = data.read_headlines(arguments.data / "stance/ans-dev.csv")
    more = material(arguments.data, plan.seed)

    def fold(k: int) -> tuple[list[Row], dict[str, np.ndarray]]:
        test = [row for row in tweets if data.fold_of(row) == k]
        train = mixture([row for row in tweets if data.fold_of(row) != k], more, plan.epochs, plan.seed)
        return test, held_out(
            f"fold-{k}", plan, arguments.encoder, train, {"tweets": test, "ans": claims}, arguments.out
        )

    if arguments.command == "cv":
        pooled: list[tuple[Row, np.ndarray]] = []
        for k in arguments.folds:
            test, logits = fold(k)
            pooled += zip(test, logits["tweets"], strict=True)
            for source in ("mawqif", "asx"):
                chosen = [(row, values) for row, values in pooled if row.source == source]
                report(
                    f"{source}, folds to {k}", [row for row, _ in chosen], np.stack([values for _, values in chosen])
                )
            report(f"ans dev, fold {k}", claims, logits["ans"])
        known = data.topics()
        unseen: list[tuple[Row, np.ndarray]] = []
        for k in arguments.rotations:
            held = HELD_TOPICS[k]
            groups = {known[topic].group for topic in held}
            test = [row for row in tweets if row.topic in held]
            rest = [row for row in tweets if known[row.topic].group not in groups]
            logits = held_out(
                f"unseen-{k}",
                plan,
                arguments.encoder,
                mixture(rest, more, plan.epochs, plan.seed),
                {"tweets": test},
                arguments.out,
            )
            unseen += zip(test, logits["tweets"], strict=True)
            report(
                f"unseen topics to rotation {k}", [row for row, _ in unseen], np.stack([values for _, values in unseen])
            )
        return
    test, logits = fold(0)
    temperature = best_temperature([*test, *claims], np.concatenate([logits["tweets"], logits["ans"]]))
    model = fit(plan, arguments.encoder, mixture(tweets, more, plan.epochs, plan.seed), "ship", arguments.out)
    report("ans dev", claims, predict(model, load_tokenizer(arguments.encoder), claims))
    write_model(model, arguments.encoder, arguments.models, temperature, arguments.version)


if __name__ == "__main__":
    main()
