"""Trains the stance classifier: a pair encoder of target and passage, favor / against / neutral.

    python -m training.stance cv   --encoder DIR --data ../shared/data --out DIR    5 folds, and topics held out whole
    python -m training.stance ship --encoder DIR --data ../shared/data --out DIR    the file, into service/models

Every model is the mean of three, each with a seed and a part of our own posts of its own (`POSTS`). `ship` trains on
four fifths of the posts, calibrates on the fifth, goes on for an epoch over everything and writes the ONNX file.
What `cv` has run already in the same `--out` is not run again, and a run that was stopped goes on from its last epoch.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from training import stance_data as data
from training import stance_news as prose
from training.encoder import UNK, load_encoder, load_tokenizer, mask_of
from training.stance_data import LABELS, Row
from training.stance_export import write_model
from training.stance_measures import best_temperature, report
from training.stance_model import LAYERS, Classifier, Pair, collate, encode

MASKED = 0.1
"""Share of the pieces hidden in training: in place of dropout, whose random numbers cost a sixth of the time."""
MISMATCHED = 0.08
CLAIMS, COMPOSED, REPORTED = 800, 800, 400
"""Rows an epoch of claims made from news, of composed passages, of real leads."""
PASSAGES = 2
"""Times an epoch that passages of prose of our own are read."""
POSTS = (0.0, 0.25, 1.0)
"""The part of our own posts that each of the models reads which are averaged."""
UNTAUGHT = (None,) * len(POSTS)
AVERAGED, EVERY = 0.97, 10
"""The model is the mean of the weights along its training: what an older mean keeps every so many steps."""
SEEN = 400
"""Training pairs by which the matrices are scaled before they are rounded, and the file compared."""
HELD_TOPICS = (
    ("Vaccine", "vaccine_booster_dose", "Aramco", "Faisal_bin_Turkis_resignation"),
    ("women_driving", "multi_mariage", "Qiddiya", "Abdulaziz_bin_Turki_Head_of_Sports"),
    ("update_curricula", "online_learning", "chineese", "coexistence_with_religions", "fix_domestic_tourism"),
)


@dataclass(frozen=True)
class Plan:
    """How one model is trained; a batch is at most so many pieces."""

    epochs: int = 3
    batch: int = 2000
    rate: float = 2e-4
    decay: float = 0.9  # of the rate, a layer towards the input
    smoothing: float = 0.05
    seed: int = 1


def batches(pairs: Sequence[Pair], size: int, rng: random.Random) -> list[list[Pair]]:
    """Shuffled batches of pairs of like length, of at most `size` pieces."""
    order = list(pairs)
    rng.shuffle(order)
    out: list[list[Pair]] = []
    for at in range(0, len(order), 1600):
        held = size
        for pair in sorted(order[at : at + 1600], key=lambda pair: len(pair.ids)):
            if held + len(pair.ids) > size:
                out.append([])
                held = 0
            out[-1].append(pair)
            held += len(pair.ids)
    rng.shuffle(out)
    return out


def groups(model: Classifier, plan: Plan) -> list[dict[str, object]]:
    """Trained parameters with their rates: slower towards the input."""
    found: list[dict[str, object]] = []
    depth = len(model.encoder.layers)
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            part = name.split(".")
            below = depth - 1 - int(part[2]) if part[0] == "encoder" else 0
            decay = 0.01 if parameter.ndim > 1 else 0.0
            found.append({"params": [parameter], "lr": plan.rate * plan.decay**below, "weight_decay": decay})
    return found


def fit(
    plan: Plan, folder: Path, examples: Sequence[list[Row]], log: str, out: Path, model: Classifier | None = None
) -> Classifier:
    """Train one model, or go on with `model`; `examples` are each epoch's rows.

    A run that was stopped goes on after the last epoch kept in `out`.
    """
    torch.manual_seed(1)  # the new layers begin alike, or the weights of several seeds could not be averaged
    rng, noise = random.Random(plan.seed), np.random.default_rng(plan.seed)
    tokenizer = load_tokenizer(folder)
    mask = mask_of(tokenizer)
    model = (model or Classifier(load_encoder(folder, dropout=0.0, layers=LAYERS))).train()
    epochs = [batches(encode(tokenizer, rows), plan.batch, rng) for rows in examples]
    steps = sum(map(len, epochs))
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    torch.manual_seed(plan.seed)
    optimiser = torch.optim.AdamW(groups(model, plan), betas=(0.9, 0.98), fused=True)
    warm = max(1, steps // 12)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / warm, max(0.02, (steps - s) / (steps - warm)))
    )
    mean = [parameter.detach().clone() for parameter in trained]
    kept, done, step = out / f"{log}.pt", 0, 0
    if kept.exists():
        state = torch.load(kept, weights_only=True)
        done, step, mean = state["epoch"], state["step"], state["mean"]
        for part in (model, optimiser, schedule):
            part.load_state_dict(state[type(part).__name__])
    began, pieces = time.time(), 0
    for epoch, found in enumerate(epochs[done:], done + 1):
        total = 0.0
        for number, batch in enumerate(found, 1):
            ids, offsets, passages = collate(batch)
            ids[torch.from_numpy(noise.random(len(ids)) < MASKED) & (ids > UNK)] = mask
            labels, weights = torch.tensor([p.label for p in batch]), torch.tensor([p.weight for p in batch])
            logits = model(ids, offsets, passages)
            each = functional.cross_entropy(logits, labels, label_smoothing=plan.smoothing, reduction="none")
            loss = (each * weights).sum() / weights.sum()
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            total += loss.item()
            pieces += len(ids)
            if step % EVERY == 0:
                share = min(AVERAGED, step / (step + 10 * EVERY))
                torch._foreach_lerp_(mean, [parameter.detach() for parameter in trained], 1 - share)
            if number % 100 == 0 or number == len(found):
                speed = pieces / (time.time() - began)
                print(
                    f"{log} epoch {epoch}/{len(epochs)} step {number}/{len(found)} loss {total / number:.4f} "
                    f"{speed:.0f} pieces/s",
                    flush=True,
                )
        state = {type(part).__name__: part.state_dict() for part in (model, optimiser, schedule)}
        torch.save(state | {"epoch": epoch, "step": step, "mean": mean}, kept)
    for parameter, value in zip(trained, mean, strict=True):
        parameter.data.copy_(value)
    model.eval()
    return model


def averaged(models: Sequence[Classifier]) -> Classifier:
    """The first of the models, with the mean of the weights of all (Wortsman et al. 2022)."""
    first = models[0]
    states = [model.state_dict() for model in models]
    first.load_state_dict({name: sum(state[name] for state in states) / len(states) for name in states[0]})
    return first


def predict(model: Classifier, tokenizer: Tokenizer, rows: Sequence[Row]) -> np.ndarray:
    """Logits, rows × 3."""
    pairs = encode(tokenizer, rows)
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i].ids))
    logits = np.zeros((len(pairs), len(LABELS)), np.float32)
    with torch.no_grad():
        for at in range(0, len(order), 48):
            chunk = order[at : at + 48]
            logits[chunk] = model(*collate([pairs[i] for i in chunk])).numpy()
    return logits


# ------------------------------------------------------------------------------------------------------------ commands


@dataclass(frozen=True)
class Material:
    """What every model is trained on beside its tweets."""

    headlines: list[Row]
    claims: list[Row]
    leads: list[str]
    passages: list[Row]
    posts: list[Row]


def material(folder: Path, seed: int) -> Material:
    """Reads ANS's training pairs and the news."""
    rng = random.Random(seed)
    articles = data.read_articles(folder / "news/antcorpus.jsonl.xz", rng)
    headlines = data.read_headlines(folder / "stance/ans-train.csv")
    return Material(
        headlines,
        data.claims(articles[:6000], rng),
        [lead for _, lead, _ in articles],
        data.read_sided("stance_passages.tsv", "written"),
        data.read_sided("stance_posts.tsv", "post"),
    )


def mixture(tweets: Sequence[Row], more: Material, epochs: int, seed: int, posts: float) -> list[list[Row]]:
    """The rows of every epoch: augmentation is drawn anew for each. `posts` is the part of our own posts among them."""
    ours = random.Random(seed).sample(more.posts, int(posts * len(more.posts)))
    out = []
    for epoch in range(epochs):
        rng = random.Random(1000 * seed + epoch)
        drawn = data.weighted(tweets)
        drawn += data.rare(drawn)
        rows = data.paraphrased(drawn, rng) + data.mismatched(drawn, MISMATCHED, rng)
        rows += [row if rng.random() < 0.6 else data.turned([row])[0] for row in more.headlines]
        rows += rng.sample(more.claims, CLAIMS)
        rows += prose.composed(COMPOSED, more.leads, rng) + prose.reported(REPORTED, more.leads, rng)
        rows += PASSAGES * more.passages + prose.unrelated(more.passages, rng) + ours
        out.append(rows)
    return out


@dataclass(frozen=True)
class Course:
    """What models are trained from, on what beside tweets, and where what is done is kept."""

    encoder: Path
    more: Material
    plan: Plan
    out: Path

    def taught(
        self, name: str, tweets: Sequence[Row], models: Sequence[Classifier | None] = UNTAUGHT
    ) -> list[Classifier]:
        """A model trained on these tweets for every part of the posts: new ones, or `models`, which go on."""
        found = []
        for seed, (posts, model) in enumerate(zip(POSTS, models, strict=True), start=1):
            plan = replace(self.plan, seed=seed)
            lessons = mixture(tweets, self.more, plan.epochs, seed, posts)
            found.append(fit(plan, self.encoder, lessons, f"{name}-{seed}", self.out, model))
        return found

    def held_out(self, name: str, tweets: Sequence[Row], tests: dict[str, list[Row]]) -> dict[str, np.ndarray]:
        """Logits on the tests of a model trained without them, kept in a file: a run goes on where it stopped."""
        file = self.out / f"{name}.npz"
        if not file.exists():
            model, tokenizer = averaged(self.taught(name, tweets)), load_tokenizer(self.encoder)
            np.savez(file, allow_pickle=False, **{key: predict(model, tokenizer, rows) for key, rows in tests.items()})
        with np.load(file) as saved:
            return {key: saved[key] for key in tests}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("cv", "ship"))
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--folds", type=int, nargs="*", default=[0, 1, 2, 3, 4], help="which of the five folds to run")
    parser.add_argument("--rotations", type=int, nargs="*", default=[0, 1, 2], help="which sets of held topics to run")
    parser.add_argument("--models", type=Path, default=Path("service/models"), help="where the shipped file goes")
    parser.add_argument("--version", default="stance-1")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    tweets = data.read_tweets(arguments.data / "stance")
    claims = data.read_headlines(arguments.data / "stance/ans-dev.csv")
    more = material(arguments.data, 1)
    course = Course(arguments.encoder, more, Plan(epochs=arguments.epochs), arguments.out)

    def fold(k: int) -> tuple[list[Row], dict[str, np.ndarray]]:
        rest, test = ([row for row in tweets if (data.fold_of(row) == k) == held] for held in (False, True))
        return test, course.held_out(f"fold-{k}", rest, {"tweets": test, "ans": claims})

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
            logits = course.held_out(f"unseen-{k}", rest, {"tweets": test})
            unseen += zip(test, logits["tweets"], strict=True)
            report(
                f"unseen topics to rotation {k}", [row for row, _ in unseen], np.stack([values for _, values in unseen])
            )
        return
    test, logits = fold(0)
    temperature = best_temperature([*test, *claims], np.concatenate([logits["tweets"], logits["ans"]]))
    for source in ("mawqif", "asx"):
        at = [i for i, row in enumerate(test) if row.source == source]
        report(f"{source}, fold 0", [test[i] for i in at], logits["tweets"][at])
    report("ans dev, fold 0", claims, logits["ans"])
    models = course.taught("fold-0", [row for row in tweets if data.fold_of(row) != 0])  # as they were kept
    last = replace(course, plan=replace(course.plan, epochs=1, rate=course.plan.rate / 2))
    model = averaged(last.taught("ship", tweets, models))
    seen = random.Random(1).sample([*tweets, *more.headlines, *more.passages, *more.posts], SEEN)
    report("ans dev", claims, predict(model, load_tokenizer(arguments.encoder), claims))
    write_model(model, arguments.encoder, arguments.models, temperature, arguments.version, seen)


if __name__ == "__main__":
    main()
