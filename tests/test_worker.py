"""A worker's side of the socket."""

import gc
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import msgspec
import pytest

from service.query import Query
from service.schema import Extraction
from service.worker import ANSWERED, FAILED, Build, Format, Task, load, serve
from tests.api.doubles import MARK, build_nothing, build_obedient

Exchange = Callable[[bytes], bytes]


def query(text: str) -> Query:
    """A query for everything in a text."""
    return Query(text=text, reference=date(2025, 5, 27), instant=None, reference_date="2025-05-27", include=frozenset())


@contextmanager
def talking(build: Build) -> Iterator[tuple[bytes, Exchange]]:
    """A worker in a thread: its first frame, and what sends it a frame and gives the next."""
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=serve, args=(theirs, build))
    thread.start()
    with ours, ours.makefile("rwb") as stream:

        def exchange(frame: bytes) -> bytes:
            stream.write(len(frame).to_bytes(4, "big") + frame)
            stream.flush()
            return receive()

        def receive() -> bytes:
            return stream.read(int.from_bytes(stream.read(4), "big"))

        yield receive(), exchange
        ours.shutdown(socket.SHUT_WR)
        thread.join()
    gc.unfreeze()


@pytest.mark.parametrize("form", ["json", "msgpack"])
def test_answers_are_encoded_as_asked(form: Format) -> None:
    """One frame in, one frame out, as often as one likes."""
    decode = msgspec.json.decode if form == "json" else msgspec.msgpack.decode
    with talking(load) as (first, exchange):
        assert b"" == first
        for text in ("نص", "نص طويل " * 10_000):
            reply = exchange(msgspec.msgpack.encode(Task(query(text), form)))
            assert ANSWERED == reply[:1]
            assert len(text) == decode(reply[1:], type=Extraction).meta.characters


def test_failure_is_told_by_its_place() -> None:
    """By type and frames of it and of what caused it, without a word of the text; the next task is answered."""
    with talking(build_obedient) as (_, exchange):
        reply = exchange(msgspec.msgpack.encode(Task(query(f"fail {MARK}"), "json")))
        assert FAILED == reply[:1]
        assert reply[1:].startswith(b"ValueError\n")
        assert b"doubles.py" in reply
        assert MARK.encode() not in reply
        assert ANSWERED == exchange(msgspec.msgpack.encode(Task(query("a"), "json")))[:1]


def test_pipeline_that_cannot_load_says_why() -> None:
    """In the first frame, which is the last."""
    with talking(build_nothing) as (first, _):
        assert b"OSError: months.toml: no such file" == first
