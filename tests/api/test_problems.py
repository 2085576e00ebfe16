"""Every error that a client can meet: its status, its shape, and that it quotes nothing."""

import gzip
import io
import json
import re
import socket
import threading
import time
from typing import Any

import httpx
import pytest

from service.api.problems import PREFIX, PROBLEMS
from tests.api.conftest import Client, running
from tests.api.doubles import MARK, build_obedient

JSON = {"Content-Type": "application/json"}


def post(client: Client, body: Any, path: str = "/extract", **headers: str) -> httpx.Response:
    """Send a body: bytes as they are, anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(path, content=content, headers=JSON | {k.replace("_", "-"): v for k, v in headers.items()})


def check(kind: str, response: httpx.Response) -> dict[str, Any]:
    """The problem, once it has been seen to be one of this kind in every respect."""
    problem: dict[str, Any] = response.json()
    assert "application/problem+json" == response.headers["content-type"]
    assert {"type", "title", "status", "detail", "instance", "errors"} == problem.keys()
    assert PREFIX + kind == problem["type"]
    assert PROBLEMS[kind].status == problem["status"] == response.status_code  # type: ignore[index]
    assert PROBLEMS[kind].title == problem["title"]  # type: ignore[index]
    assert f"urn:istikhraj:request:{response.headers['x-request-id']}" == problem["instance"]
    assert MARK not in response.text
    return problem


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        MARK.encode(),
        b'{"text": "\xff"}',
        b'{"text": NaN}',
        b'{"text": "a", "min_confidence": 1e999}',
        b'{"text": "\\ud800"}',
        b'{"text": "\\udc00\\ud800 a"}',
        b'{"text": "a", "text": "b"}',
        b'{"text": "a", "targets": ' + b"[" * 100_000,
        b'{"text": "a"} {}',
        b'\xef\xbb\xbf{"text": "a"}',
    ],
)
def test_body_that_is_not_json_is_400(client: Client, body: bytes) -> None:
    """Malformed, ambiguous and unbounded JSON alike."""
    check("malformed-body", post(client, body))


@pytest.mark.parametrize(
    "body", [b"", b"\xc1", b"\x81\xa4text\xa1\xff", b"\x91" * 100_000, b"\xdb\xff\xff\xff\xff", b"\x81\x81\x01\x01\x01"]
)
def test_body_that_is_not_msgpack_is_400(client: Client, body: bytes) -> None:
    """Truncated, too deep, or not UTF-8."""
    check("malformed-body", post(client, body, Content_Type="application/msgpack"))


@pytest.mark.parametrize("body", [b"not gzip", gzip.compress(b'{"text": "a"}')[:-4], b""])
def test_broken_gzip_is_400(client: Client, body: bytes) -> None:
    """Not gzip, and gzip that ends too early."""
    check("malformed-body", post(client, body, Content_Encoding="gzip"))


def test_host_that_is_none_is_400(client: Client) -> None:
    """Litestar's own refusal is a problem like any other."""
    check("bad-request", client.get("/version", headers={"Host": "a b"}))


def test_keys() -> None:
    """With keys on, extraction wants one: none is 401, a wrong one is 403. Health wants none."""
    with running(build_obedient, api_keys=("first", "second")) as client:
        missing = post(client, {"text": "a"})
        check("missing-credentials", missing)
        assert "Bearer" == missing.headers["www-authenticate"]
        check("missing-credentials", post(client, {"text": "a"}, Authorization="Basic first"))
        check(
            "wrong-credentials",
            post(client, {"text": "a"}, "/extract/batch", Authorization="Bearer third"),
        )
        assert 200 == post(client, {"text": "a"}, Authorization="Bearer second").status_code
        assert 200 == client.get("/health/ready").status_code


def test_unknown_path_is_404(client: Client) -> None:
    """The path is not quoted."""
    check("not-found", client.get(f"/{MARK}"))


@pytest.mark.parametrize(("method", "path", "allowed"), [("GET", "/extract", "POST"), ("DELETE", "/version", "GET")])
def test_other_method_is_405(client: Client, method: str, path: str, allowed: str) -> None:
    """Allow says which methods there are."""
    response = client.request(method, path)
    check("method-not-allowed", response)
    assert allowed in response.headers["allow"].split(", ")


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "application/problem+json", "*/*;q=0"])
def test_answer_in_no_acceptable_type_is_406(client: Client, accept: str) -> None:
    """Neither JSON nor MessagePack is wanted."""
    check("not-acceptable", post(client, {"text": "a"}, Accept=accept))


def test_text_too_long_is_413(obedient: Client) -> None:
    """The limit and the size are stated."""
    problem = check("too-large", post(obedient, {"text": "س" * 101}))
    assert "The limit is 100 code points of text; the request is 101 code points of text." == problem["detail"]


def test_batch_too_long_is_413(obedient: Client) -> None:
    """Twenty times the longest text is the most in all."""
    body = {"documents": [{"text": "س" * 100}] * 20 + [{"text": "س"}]}
    assert "2001" in check("too-large", post(obedient, body, "/extract/batch"))["detail"]


@pytest.mark.parametrize("chunked", [False, True])
def test_body_too_large_is_413(obedient: Client, chunked: bool) -> None:
    """Whether or not its length is declared."""
    body = b" " * 70_000
    response = obedient.post("/extract", content=iter([body]) if chunked else body, headers=JSON)
    assert "66736" in check("too-large", response)["detail"]


def test_gzip_bomb_is_413(obedient: Client) -> None:
    """Ten megabytes of blanks in ten kilobytes."""
    check("too-large", post(obedient, gzip.compress(b" " * 10_000_000), Content_Encoding="gzip"))


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/json; charset=utf-16", "application/x-www-form-urlencoded"]
)
def test_other_media_type_is_415(client: Client, content_type: str) -> None:
    """Text is never taken for JSON."""
    check("unsupported-media-type", post(client, {"text": "a"}, Content_Type=content_type))


def test_other_content_coding_is_415(client: Client) -> None:
    """Accept-Encoding says which coding is read."""
    response = post(client, {"text": "a"}, Content_Encoding="br")
    check("unsupported-media-type", response)
    assert "gzip" == response.headers["accept-encoding"]


def test_all_invalid_fields_are_named_in_one_422(client: Client) -> None:
    """By JSON pointer, with what they must be, never with what they were."""
    body = {
        "reference_date": "2025-02-30",
        "region": "ZZ",
        "targets": ["السلام", " ", 3, "x" * 201],
        "include": ["dates", MARK],
        "offset_unit": MARK,
        "min_confidence": 1.5,
        "a/b~c": 1,
        "n" * 100: 1,
    }
    problem = check("invalid-fields", post(client, body))
    assert [
        "/text",
        "/reference_date",
        "/region",
        "/targets/1",
        "/targets/2",
        "/targets/3",
        "/include/1",
        "/offset_unit",
        "/min_confidence",
        "/a~1b~0c",
        "",
    ] == [error["pointer"] for error in problem["errors"]]


@pytest.mark.parametrize("body", [[], None, "نص", 3])
def test_body_that_is_no_object_is_422(client: Client, body: Any) -> None:
    """The pointer is the whole document's."""
    assert [{"pointer": "", "detail": "must be an object"}] == check("invalid-fields", post(client, body))["errors"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", ""),
        ("text", None),
        ("text", ["a"]),
        ("reference_date", "2025-5-1"),
        ("reference_date", "2025-05-27T10:00:00"),
        ("reference_date", "2025-05-27T10:00:00+25:00"),
        ("reference_date", "2025-05-27T24:00:00Z"),
        ("reference_date", "2025-05-27T12:30:60Z"),
        ("reference_date", "0001-01-01"),
        ("reference_date", "9999-12-31"),
        ("reference_date", "٢٠٢٥-٠٥-٢٧"),
        ("reference_date", 20250527),
        ("region", "tn"),
        ("region", "EU"),
        ("region", ""),
        ("targets", ["a"] * 17),
        ("targets", [""]),
        ("targets", None),
        ("include", "dates"),
        ("min_confidence", "0.5"),
        ("min_confidence", -0.1),
        ("min_confidence", True),
        ("id", "a"),
    ],
)
def test_invalid_value_is_422(client: Client, field: str, value: Any) -> None:
    """And nothing else is complained of."""
    problem = check("invalid-fields", post(client, {"text": "نص", field: value}))
    assert {f"/{field}"} == {re.sub(r"/\d+$", "", error["pointer"]) for error in problem["errors"]}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/documents"),
        ({"documents": []}, "/documents"),
        ({"documents": [{"text": "a"}] * 1001}, "/documents"),
        ({"documents": "a"}, "/documents"),
        ({"documents": [{"text": "a"}], "x": 1}, "/x"),
    ],
)
def test_invalid_batch_is_422(client: Client, body: Any, pointer: str) -> None:
    """Its own fields only: its documents answer for themselves."""
    problem = check("invalid-fields", post(client, body, "/extract/batch"))
    assert [pointer] == [error["pointer"] for error in problem["errors"]]


def test_errors_are_bounded(client: Client) -> None:
    """A thousand unknown fields do not make an answer of a thousand errors."""
    body = {"text": "a"} | {f"x{i}": 1 for i in range(1000)}
    assert 100 == len(check("invalid-fields", post(client, body))["errors"])


def test_msgpack_keys_and_types_are_checked(client: Client) -> None:
    """A key that is no string, bytes and a timestamp in the place of strings."""
    body = b"\x83\x01\x01\xa4text\xc4\x01a\xa6region\xd6\xff\x00\x00\x00\x00"
    problem = check("invalid-fields", post(client, body, Content_Type="application/msgpack"))
    assert ["/text", "/region", ""] == [error["pointer"] for error in problem["errors"]]


@pytest.mark.parametrize("path", ["/extract", "/extract/batch"])
def test_full_queue_is_429(obedient: Client, path: str) -> None:
    """With the seconds after which to come back."""
    sleep = {"text": "sleep 0.4", "targets": ["هدف"] * 16}
    text = {"text": "س" * 100, "targets": ["هدف"] * 3}
    with threads([lambda: post(obedient, sleep), lambda: post(obedient, {"documents": [sleep] * 2}, "/extract/batch")]):
        wait_until(lambda: obedient.service.executor.used > 400)
        response = post(obedient, text if path == "/extract" else {"documents": [text]}, path)
    check("overloaded", response)
    assert 1 <= int(response.headers["retry-after"]) <= 120


def test_too_many_large_bodies_at_once_are_429(obedient: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small ones are read all the same."""
    monkeypatch.setattr(obedient.service, "held", 10_000_000)
    batch = b'{"documents": [{"text": "a"}]}'
    check("overloaded", post(obedient, b" " * 100_000 + batch, "/extract/batch"))
    assert 200 == post(obedient, batch, "/extract/batch").status_code


def test_client_that_goes_while_it_sends_is_no_error(obedient: Client, log: io.StringIO) -> None:
    """It is logged as gone."""
    address = (obedient.base_url.host, obedient.base_url.port)
    with socket.create_connection(address) as connection:
        head = b"POST /extract HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n"
        connection.sendall(head + b"X-Request-ID: goes-away\r\n\r\n{")
    wait_until(lambda: "goes-away" in log.getvalue())
    (line,) = [line for line in log.getvalue().splitlines() if "goes-away" in line]
    assert ("request", 499) == (json.loads(line)["event"], json.loads(line)["status"])


def test_failure_is_500_and_quotes_nothing(obedient: Client, log: io.StringIO) -> None:
    """The log says what was raised and where; neither it nor the client hears a word of the text."""
    check("internal-error", post(obedient, {"text": f"fail {MARK}"}))
    assert "doubles.py" in log.getvalue()
    assert "ValueError" in log.getvalue()
    assert MARK not in log.getvalue()


def test_fault_of_our_own_is_500_and_quotes_nothing(
    client: Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it comes from: before the answer has begun it is a problem."""

    def fail(*_: object) -> None:
        raise RuntimeError(MARK)

    monkeypatch.setattr(client.service.executor, "submit", fail)
    check("internal-error", post(client, {"text": MARK}))
    assert "unexpected error" in log.getvalue()
    assert MARK not in log.getvalue()


def test_fault_in_mid_answer_breaks_it_off(client: Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client sees an answer without its end, the log where it happened."""

    async def fail(*_: object) -> None:
        raise RuntimeError(MARK)

    monkeypatch.setattr("service.api.lines.result_of", fail)
    with pytest.raises(httpx.RemoteProtocolError):
        client.post("/extract/batch", content=b'{"text": "a"}', headers={"Content-Type": "application/x-ndjson"})
    assert "answer broken off" in log.getvalue()
    assert MARK not in log.getvalue()


def test_death_of_a_worker_is_500_when_it_happens_twice(obedient: Client) -> None:
    """Then the document is to blame; the next one is answered."""
    check("internal-error", post(obedient, {"text": "die"}))
    assert 200 == post(obedient, {"text": "a"}).status_code


def test_text_that_takes_too_long_is_503(obedient: Client) -> None:
    """Its process ends with it, and another takes its place."""
    check("out-of-time", post(obedient, {"text": "sleep 5"}))
    assert 200 == post(obedient, {"text": "a"}).status_code


@pytest.mark.parametrize("path", ["/extract", "/extract/batch"])
def test_service_without_workers_is_503(obedient: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until one of them is there again."""
    monkeypatch.setattr(obedient.service.executor, "_failing", {0})
    check("not-ready", post(obedient, {"text": "a"}, path))
    check("not-ready", obedient.get("/health/ready"))


@pytest.mark.parametrize("path", ["/extract", "/extract/batch"])
def test_draining_service_is_503(client: Client, path: str) -> None:
    """Readiness is false, liveness stays true, new work is refused, connections are closed in good order."""
    client.service.draining = True
    try:
        refused = post(client, {"text": "a"}, path)
        check("draining", refused)
        assert "1" == refused.headers["retry-after"]
        assert "close" == refused.headers["connection"]
        check("draining", client.get("/health/ready"))
        assert 200 == client.get("/health/live").status_code
    finally:
        client.service.draining = False


class threads:  # noqa: N801
    """Runs functions beside the block, and waits for them at its end."""

    def __init__(self, functions: list[Any]) -> None:
        self.threads = [threading.Thread(target=function) for function in functions]

    def __enter__(self) -> None:
        for thread in self.threads:
            thread.start()

    def __exit__(self, *_: object) -> None:
        for thread in self.threads:
            thread.join()


def wait_until(condition: Any) -> None:
    """Wait, ten seconds at most."""
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come about")
