"""Reading a body within bounds, and compressing an answer."""

import asyncio
import zlib
from collections.abc import AsyncIterator

import brotli
from litestar.exceptions import InternalServerException

from service.api.problems import ProblemError
from service.api.service import AnyRequest, ClientGone, header, service_of

# Below this many bytes the loop does the work itself: a thread costs more than it saves.
LARGE = 64 * 1024
SMALLEST_TO_COMPRESS = 1024
# A batch may have this many times the characters of a single request.
BATCH = 20
# As many of the largest batches may be in memory before they are in the queue. Small bodies are always read.
MOST_BATCHES = 4


def limit_of(max_chars: int) -> int:
    """The most bytes that a request with a text of `max_chars` can need.

    A code point escaped as two surrogates takes twelve bytes, and the other fields fit into the rest.
    """
    return 12 * max_chars + 65_536


def too_large(limit: int, size: int | None, unit: str = "bytes") -> ProblemError:
    """A 413 that states the limit, and the size where it is known."""
    stated = f"is {size} {unit}" if size is not None else "is larger"
    return ProblemError("too-large", f"The limit is {limit} {unit}; the request {stated}.")


async def chunks(request: AnyRequest, limit: int | None) -> AsyncIterator[bytes]:
    """The body's bytes, decompressed. Raises 413 when there are more than `limit`, 415 and 400."""
    encoding = header(request, "content-encoding").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise ProblemError(
            "unsupported-media-type", "The content coding must be gzip or none.", headers={"Accept-Encoding": "gzip"}
        )
    declared = header(request, "content-length")
    if limit is not None and declared.isdigit() and int(declared) > limit:
        raise too_large(limit, int(declared))
    source = _received(request)
    if "gzip" in encoding:
        source = _gunzip(source)
    size = 0
    async for chunk in source:
        size += len(chunk)
        if limit is not None and size > limit:
            raise too_large(limit, None)
        yield chunk


async def read(request: AnyRequest, limit: int) -> bytes:
    """The whole body, decompressed. Raises as `chunks` does, and 429 when too much is being read at once."""
    service = service_of(request)
    most = MOST_BATCHES * BATCH * limit_of(service.settings.max_chars)
    parts = []
    held = 0
    try:
        async for chunk in chunks(request, limit):
            parts.append(chunk)
            held += len(chunk)
            service.held += len(chunk)
            if service.held > most and held > LARGE:
                raise ProblemError("overloaded", headers={"Retry-After": "1"})
        return b"".join(parts)
    finally:
        service.held -= held


async def _received(request: AnyRequest) -> AsyncIterator[bytes]:
    """The body's bytes as they were sent."""
    try:
        async for chunk in request.stream():
            yield chunk
    except InternalServerException:  # Litestar's word for it
        raise ClientGone from None


async def _gunzip(source: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Decompress, a bounded piece at a time, so that a bomb meets the limit before it fills the memory."""
    member = zlib.decompressobj(wbits=31)
    try:
        async for chunk in source:
            rest = chunk
            while rest:
                if member.eof:  # gzip files may be joined end to end
                    member = zlib.decompressobj(wbits=31)
                yield member.decompress(rest, LARGE)
                rest = member.unused_data or member.unconsumed_tail
                await asyncio.sleep(0)
    except zlib.error:
        raise ProblemError("malformed-body", "The body is not gzip, as Content-Encoding says.") from None
    if not member.eof:
        raise ProblemError("malformed-body", "The gzip body ends before its end.")


async def compress(body: bytes, coding: str | None) -> tuple[bytes, str | None]:
    """The body in a content coding, and the coding used: none where it does not pay."""
    if coding is None or len(body) < SMALLEST_TO_COMPRESS:
        return body, None
    if len(body) < LARGE:
        return _compressed(body, coding), coding
    return await asyncio.to_thread(_compressed, body, coding), coding


def _compressed(body: bytes, coding: str) -> bytes:
    if coding == "br":
        return bytes(brotli.compress(body, quality=4))
    return zlib.compress(body, level=5, wbits=31)
