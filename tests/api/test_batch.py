"""Many texts in one request: in order, each for itself, in one object or as a stream."""

import asyncio
import json
import socket
from typing import Any

import httpx
import msgspec
import pytest

from service.api.lines import AHEAD, Ahead
from service.schema import BatchResponse, BatchResult
from tests.api.conftest import Client
from tests.api.test_problems import JSON, post, threads, wait_until

NDJSON = {"Content-Type": "application/x-ndjson"}


def results(response: httpx.Response) -> list[BatchResult]:
    """The results of either form, as the contract types them."""
    assert 200 == response.status_code
    if "application/x-ndjson" == response.headers["content-type"]:
        return [msgspec.json.decode(line, type=BatchResult) for line in response.content.splitlines()]
    return msgspec.json.decode(response.content, type=BatchResponse).results


def send(client: Client, form: str, documents: list[Any]) -> list[BatchResult]:
    """Send documents in either form."""
    if form == "object":
        return results(post(client, {"documents": documents}, "/extract/batch"))
    lines = "\n".join(json.dumps(document) for document in documents)
    return results(client.post("/extract/batch", content=lines.encode(), headers=NDJSON))


both_forms = pytest.mark.parametrize("form", ["object", "lines"])


@both_forms
def test_results_come_in_order_with_their_ids(client: Client, form: str) -> None:
    """However many there are; an id may be missing, and may repeat."""
    documents = [{"id": str(i % 7), "text": f"نص {i}" * (i % 5 + 1)} for i in range(50)] + [{"text": "نص"}]
    answered = send(client, form, documents)
    assert list(range(51)) == [result.index for result in answered]
    assert [document.get("id") for document in documents] == [result.id for result in answered]
    assert [len(document["text"]) for document in documents] == [
        result.extraction.meta.characters for result in answered if result.extraction
    ]


@both_forms
def test_bad_document_does_not_fail_the_others(obedient: Client, form: str) -> None:
    """It has a result with a problem, and its id where that is a good one."""
    documents = [
        {"id": "a", "text": "نص"},
        {"id": "b", "text": ""},
        {"id": "c", "text": "س" * 101},
        {"id": "d", "text": "fail"},
        {"id": "x" * 129, "text": "نص"},
        3,
        {"id": "e", "text": "نص"},
    ]
    answered = send(obedient, form, documents)
    assert [200, 422, 413, 500, 422, 422, 200] == [result.status for result in answered]
    assert ["a", "b", "c", "d", None, None, "e"] == [result.id for result in answered]
    for result in answered:
        assert (result.extraction is None) == (result.status != 200) == (result.problem is not None)
        assert result.problem is None or result.status == result.problem.status


@both_forms
def test_batch_of_bad_documents_leaves_the_service_well(obedient: Client, form: str) -> None:
    """There is nothing to extract, and the next request is answered."""
    assert [422] == [result.status for result in send(obedient, form, [{}])]
    assert 200 == post(obedient, {"text": "a"}).status_code


def test_object_in_msgpack(client: Client) -> None:
    """Both ways."""
    body = msgspec.msgpack.encode({"documents": [{"text": "في 20 ماي 2025"}, {}]})
    headers = {"Content-Type": "application/msgpack", "Accept": "application/vnd.msgpack"}
    response = client.post("/extract/batch", content=body, headers=headers)
    assert "application/vnd.msgpack" == response.headers["content-type"]
    first, second = msgspec.msgpack.decode(response.content, type=BatchResponse).results
    assert (200, 422) == (first.status, second.status)
    assert first.extraction
    assert first.extraction.dates
    assert "2025-05-20" == first.extraction.dates[0].value


def test_lines_that_are_empty_broken_or_too_long(obedient: Client) -> None:
    """Empty ones are no documents; the others have results of their own."""
    lines = [b'{"text": "a"}', b"", b"   ", b"{", b'{"text": "' + b"x" * 70_000 + b'"}', b'{"text": "b"}\r', b"\xff"]
    for end in (b"", b"\n"):
        response = obedient.post("/extract/batch", content=b"\n".join(lines) + end, headers=NDJSON)
        assert [200, 400, 413, 200, 400] == [result.status for result in results(response)]


def test_last_line_too_long(obedient: Client) -> None:
    """Even when it never ends."""
    response = obedient.post("/extract/batch", content=b'{"text": "' + b"x" * 70_000, headers=NDJSON)
    assert [413] == [result.status for result in results(response)]


def test_no_lines(client: Client) -> None:
    """No document, no result."""
    assert [] == results(client.post("/extract/batch", content=b"", headers=NDJSON))


def test_broken_gzip_in_mid_stream_is_the_last_result(client: Client) -> None:
    """What was read before it is answered."""
    response = client.post("/extract/batch", content=b"not gzip", headers=NDJSON | {"Content-Encoding": "gzip"})
    assert [400] == [result.status for result in results(response)]


def test_results_are_streamed_while_lines_come_in(client: Client) -> None:
    """Each line is sent when the result before it has been read."""
    line = b'{"text": "a"}\n'
    head = (
        b"POST /extract/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection((client.base_url.host, client.base_url.port), timeout=20) as connection:
        connection.sendall(head)
        answer = b""
        for number in range(3):
            connection.sendall(b"%x\r\n%b\r\n" % (len(line), line))
            while f'"index":{number}'.encode() not in answer:
                answer += connection.recv(65_536)
        connection.sendall(b"0\r\n\r\n")
        while not answer.endswith(b"0\r\n\r\n"):
            answer += connection.recv(65_536)


def test_stream_of_a_client_that_goes_is_dropped(obedient: Client) -> None:
    """Whether it goes before it has sent all, or after."""
    head = b"POST /extract/batch HTTP/1.1\r\nHost: x\r\n"
    head += b"Content-Type: application/x-ndjson\r\nContent-Length: %d\r\n\r\n"
    line = b'{"text": "sleep 0.05"}\n'
    for length in (len(line) * 20, len(line) * 21):
        with socket.create_connection((obedient.base_url.host, obedient.base_url.port), timeout=20) as connection:
            connection.sendall(head % length + line * 20)
            assert connection.recv(65_536)
        wait_until(lambda: obedient.service.executor.used == 0)


def test_lines_are_read_ahead_within_bounds() -> None:
    """A client may send all before it reads, up to a bound; then it waits until lines are taken."""

    async def use() -> None:
        ahead = Ahead()
        line = b"x" * (AHEAD // 4)
        for _ in range(4):
            await ahead.put(line)
        waiting = asyncio.create_task(ahead.put(None))
        await asyncio.sleep(0)
        assert not waiting.done()
        assert [line] * 4 + [None] == [await ahead.get() for _ in range(5)]
        await waiting

    asyncio.run(use())


def test_line_that_finds_no_room_is_429(obedient: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """After some patience, and without failing the lines before it."""
    monkeypatch.setattr("service.api.lines.PATIENCE", 0.1)
    lines = b'{"text": "sleep 0.4", "targets": ["a", "b", "c", "d"]}\n' + b'{"text": "%s"}\n' % (b"x" * 100) * 2
    answered = results(obedient.post("/extract/batch", content=lines * 2, headers=NDJSON))
    assert [200, 200, 200] != [result.status for result in answered]
    assert {200, 429} == {result.status for result in answered}


def test_line_waits_for_room(obedient: Client) -> None:
    """A stream much longer than the queue is answered whole."""
    lines = b'{"text": "%s"}\n' % (b"x" * 100) * 100
    assert {200} == {
        result.status for result in results(obedient.post("/extract/batch", content=lines, headers=NDJSON))
    }


def test_draining_in_mid_stream_is_503(obedient: Client) -> None:
    """Lines that were read before are answered; later ones are not taken."""
    lines = b'{"text": "sleep 0.02"}\n' * 30
    answers: list[httpx.Response] = []
    with threads([lambda: answers.append(obedient.post("/extract/batch", content=lines, headers=NDJSON))]):
        wait_until(lambda: obedient.service.executor.used > 0)
        obedient.service.draining = True
    obedient.service.draining = False
    statuses = [result.status for result in results(answers[0])]
    assert 200 == statuses[0]
    assert 503 == statuses[-1]


@both_forms
def test_batch_of_accept_that_cannot_be_met_is_406(client: Client, form: str) -> None:
    """Each form has its own media types."""
    headers, accept = (JSON, "application/x-ndjson") if form == "object" else (NDJSON, "application/json")
    response = client.post("/extract/batch", content=b"{}", headers=headers | {"Accept": accept})
    assert 406 == response.status_code


def test_batch_does_not_starve_single_requests(obedient: Client) -> None:
    """A single one is answered after one document of the batch, not after the batch."""
    batch = {"documents": [{"text": "sleep 0.1"}] * 20}
    finished: list[str] = []

    def post_batch() -> None:
        post(obedient, batch, "/extract/batch")
        finished.append("batch")

    with threads([post_batch]):
        wait_until(lambda: obedient.service.executor.used > 0)
        assert 200 == post(obedient, {"text": "a"}).status_code
        finished.append("single")
    assert ["single", "batch"] == finished
