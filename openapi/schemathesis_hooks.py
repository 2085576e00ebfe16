"""What Schemathesis needs to write and read the service's media types other than JSON."""

from typing import Any

import msgspec
import schemathesis

MSGPACK = ("application/msgpack", "application/vnd.msgpack")


@schemathesis.serializer(*MSGPACK)
def write_msgpack(_: Any, value: Any) -> bytes:
    """A body as MessagePack."""
    return msgspec.msgpack.encode(value)


@schemathesis.deserializer(*MSGPACK)
def read_msgpack(_: Any, response: Any) -> Any:
    """An answer in MessagePack."""
    return msgspec.msgpack.decode(response.content)


@schemathesis.serializer("application/x-ndjson")
def write_ndjson(_: Any, value: Any) -> bytes:
    """A body of lines, whatever they hold."""
    return value.encode() if isinstance(value, str) else msgspec.json.encode(value)


@schemathesis.deserializer("application/x-ndjson")
def read_ndjson(_: Any, response: Any) -> str:
    """An answer of lines: a string, as the document describes it."""
    text: str = response.content.decode()
    return text
