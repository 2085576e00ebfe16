"""A text and its circumstances, read once and shared by every extractor."""

from datetime import date, datetime

from msgspec import Struct

from service.text.normalise import View, normalise
from service.text.segment import Sentence, Token, split_sentences, tokenise


class Span(Struct, frozen=True, gc=False, order=True):
    """Code points `[start:end]` of the raw text, `start < end`."""

    start: int
    end: int


class Document(Struct, frozen=True):
    """Raw text, its normalised view cut into tokens and sentences, and what the request says about it.

    Extractors work in offsets of `view` (those of tokens and sentences) and give their results as raw spans, by `span`.
    """

    raw: str
    view: View
    tokens: tuple[Token, ...]
    sentences: tuple[Sentence, ...]
    reference: date  # the local day on which the text was published
    instant: datetime | None = None  # the moment, where the request gave one, in its own offset
    region: str | None = None  # ISO 3166-1 alpha-2, upper case
    targets: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The view's text: normalised, not folded."""
        return self.view.text

    @property
    def folded(self) -> str:
        """The view's folded text, of the same length and offsets as `text`."""
        return self.view.folded

    def span(self, start: int, end: int) -> Span:
        """The raw span of the view's `[start:end]`, `start < end`."""
        return Span(*self.view.to_raw(start, end))

    def quote(self, span: Span) -> str:
        """The raw text of a span."""
        return self.raw[span.start : span.end]


def read(
    raw: str,
    reference: date,
    instant: datetime | None = None,
    region: str | None = None,
    targets: tuple[str, ...] = (),
) -> Document:
    """Read a raw text into a document."""
    view = normalise(raw)
    tokens = tokenise(view.text, view.folded)
    return Document(raw, view, tokens, split_sentences(view.text, tokens), reference, instant, region, targets)
