"""A worker process: loads the pipeline once, then answers one document at a time over a socket.

A frame is its length in four bytes, big-endian, and as many bytes. The first frame that the worker sends is empty when
it is ready, or says why it never will be. After it every `Task` in gives one frame out: a status byte, and the encoded
`Extraction` or where extraction failed. The end of the socket is the end of the process.
"""

import gc
import logging
import signal
import socket
import warnings
from collections.abc import Callable
from io import BufferedRWPair
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import Struct

from service.errors import where
from service.query import Pipeline, Query
from service.settings import EntitiesBackend

if TYPE_CHECKING:
    from service.extractors.models import Tagger

Format = Literal["json", "msgpack"]
Build = Callable[[], Pipeline]

ANSWERED = b"\x00"
FAILED = b"\x01"

ENCODE: dict[Format, Callable[[Any], bytes]] = {
    "json": msgspec.json.Encoder().encode,
    "msgpack": msgspec.msgpack.Encoder().encode,
}


class Task(Struct, frozen=True, array_like=True):
    """A document, and how its answer is to be encoded."""

    query: Query
    format: Format


def load(entities_backend: EntitiesBackend = "shipped") -> Pipeline:
    """The pipeline with the models that ship with the service, or CAMeL's tagger in the place of ours."""
    # Here, not above: the server process needs this module too, and would wait for lexicons that it never reads.
    from service.extractors.models import Models
    from service.models.camel import load_camel_tagger
    from service.models.onnx import load_manifest, load_tagger
    from service.models.stance import load_stance
    from service.pipeline import build_pipeline

    shipped = load_manifest()
    tagger: Tagger | None = None
    if entities_backend == "camel":
        tagger = load_camel_tagger()
    elif "entities" in shipped:
        tagger = load_tagger()
    return build_pipeline(Models(tagger=tagger, stance=load_stance() if "stance" in shipped else None))


def main(connection: socket.socket, build: Build) -> None:
    """Be a worker process."""
    # The parent decides when a worker ends: a signal to the whole group must not cost an accepted request.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # Whatever a library would say of a text is not for the log.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    serve(connection, build)


def serve(connection: socket.socket, build: Build) -> None:
    """Answer tasks until the connection ends."""
    with connection, connection.makefile("rwb") as stream:
        try:
            extract = build()
        except Exception as error:  # whatever it is, the parent reports it: data files and models, no request yet
            _send(stream, f"{type(error).__qualname__}: {error}".encode())
            return
        gc.collect()
        gc.freeze()  # lexicons live as long as the process: no collection need walk them
        gc.enable()
        _send(stream, b"")
        decode = msgspec.msgpack.Decoder(Task).decode
        while (frame := _receive(stream)) is not None:
            _send(stream, _answer(extract, decode(frame)))


def _answer(extract: Pipeline, task: Task) -> bytes:
    try:
        return ANSWERED + ENCODE[task.format](extract(task.query))
    except Exception as error:  # one document's failure is that document's answer
        return FAILED + where(error).encode()


def _receive(stream: BufferedRWPair) -> bytes | None:
    head = stream.read(4)
    if len(head) < 4:
        return None
    return stream.read(int.from_bytes(head, "big"))


def _send(stream: BufferedRWPair, body: bytes) -> None:
    stream.write(len(body).to_bytes(4, "big") + body)
    stream.flush()
