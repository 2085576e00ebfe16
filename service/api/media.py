"""Media types and content codings: what a request's headers say, and what its answer may be (RFC 9110, section 12)."""

from service.api.problems import ProblemError
from service.worker import Format

JSON = "application/json"
MSGPACK = "application/msgpack"
NDJSON = "application/x-ndjson"

# What is read as which format, and in which order of liking it is offered.
FORMATS: dict[str, Format] = {JSON: "json", MSGPACK: "msgpack", "application/vnd.msgpack": "msgpack"}
CODINGS = ("br", "gzip")


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """A media type, lower-cased, and its parameters."""
    head, *rest = value.split(";")
    named = (item.partition("=") for item in rest)
    return head.strip().lower(), {key.strip().lower(): text.strip().strip('"') for key, _, text in named}


def content_type(header: str, known: tuple[str, ...]) -> str:
    """The media type of the body, one of `known`. Raises 415."""
    name, named = parameters(header)
    if name not in known or named.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise ProblemError("unsupported-media-type", f"The body must be one of: {', '.join(known)}; charset utf-8.")
    return name


def negotiate(accept: str, offers: tuple[str, ...]) -> str:
    """The offer that Accept likes best, the earlier of equals. Raises 406."""
    if not accept.strip():
        return offers[0]
    ranges = _weighted(accept)
    best = max(offers, key=lambda offer: _media_quality(offer, ranges))  # max gives the first of equals
    if _media_quality(best, ranges) <= 0:
        raise ProblemError("not-acceptable", f"The answer comes as one of: {', '.join(offers)}.")
    return best


def coding(accept_encoding: str) -> str | None:
    """The content coding that Accept-Encoding likes best, None for none."""
    weights = _weighted(accept_encoding)
    best = max(CODINGS, key=lambda name: weights.get(name, weights.get("*", 0.0)))
    quality = weights.get(best, weights.get("*", 0.0))
    return best if quality > 0 and quality >= weights.get("identity", 0.0) else None


def _weighted(header: str) -> dict[str, float]:
    """The items of an Accept header and their q-values; one that cannot be read counts as refused."""
    weights = {}
    for item in header.split(","):
        name, named = parameters(item)
        try:
            weights[name] = min(1.0, max(0.0, float(named.get("q", "1"))))
        except ValueError:
            weights[name] = 0.0
    return weights


def _media_quality(offer: str, ranges: dict[str, float]) -> float:
    """The q-value of the most specific range that holds the offer."""
    for name in (offer, offer.partition("/")[0] + "/*", "*/*"):
        if name in ranges:
            return ranges[name]
    return 0.0
