"""One text: media types both ways, compression both ways, defaults, and the request's id."""

import gzip
import io
import json
from datetime import UTC, datetime

import brotli
import httpx
import msgspec
import pytest

from service.schema import Extraction
from tests.api.conftest import Client
from tests.api.test_problems import JSON, post, wait_until

TEXT = "أعلن الوزير يوم 20 ماي أن 250 شخصا عادوا إلى تونس."
MSGPACK = "application/msgpack"


def test_every_section_and_offset(client: Client) -> None:
    """What is found stands where it says, in the unit asked for."""
    for unit, encoding, width in (("code_point", "utf-32-le", 4), ("utf16", "utf-16-le", 2), ("utf8", "utf-8", 1)):
        response = post(client, {"text": "😀 " + TEXT, "reference_date": "2025-05-27", "offset_unit": unit})
        answer = msgspec.json.decode(response.content, type=Extraction)
        assert answer.dates
        assert ["2025-05-20"] == [date.value for date in answer.dates]
        raw = ("😀 " + TEXT).encode(encoding)
        for date in answer.dates:
            assert date.text == raw[width * date.start : width * date.end].decode(encoding)


def test_sections_not_asked_for_are_null(client: Client) -> None:
    """And those asked for are lists, be they empty."""
    answer = post(client, {"text": "نص", "include": ["dates"]}).json()
    assert {"entities": None, "dates": [], "numeric_facts": None, "stance": None, "statements": None} == {
        key: value for key, value in answer.items() if key != "meta"
    }
    nothing = post(client, {"text": "نص", "include": []}).json()
    assert {None} == {value for key, value in nothing.items() if key != "meta"}


@pytest.mark.parametrize(
    ("sent", "day"),
    [
        ("2025-05-27", "2025-05-26"),
        ("2025-05-27T00:30:00+03:00", "2025-05-26"),
        ("2025-05-27t23:30:00.1234567-11:00", "2025-05-26"),
        ("2024-02-29 23:59:60z", "2024-02-28"),
        ("1000-01-02", "1000-01-01"),
        ("2999-12-31T23:59:59Z", "2999-12-30"),
    ],
)
def test_reference_date_gives_the_local_day_and_is_echoed(client: Client, sent: str, day: str) -> None:
    """The offset of a date-time is its own; a leap second is a moment like any other."""
    answer = post(client, {"text": "وصل أمس", "reference_date": sent}).json()
    assert sent == answer["meta"]["reference_date"]
    assert [day] == [date["value"] for date in answer["dates"]]


def test_reference_date_is_now_by_default(client: Client) -> None:
    """In UTC, with its offset."""
    echoed = datetime.fromisoformat(post(client, {"text": "نص"}).json()["meta"]["reference_date"])
    assert abs((datetime.now(UTC) - echoed).total_seconds()) < 60


@pytest.mark.parametrize("sent", ["application/json", MSGPACK, "application/vnd.msgpack"])
@pytest.mark.parametrize("wanted", ["application/json", MSGPACK, "application/vnd.msgpack"])
def test_media_types_both_ways(client: Client, sent: str, wanted: str) -> None:
    """The same answer, whatever it came in and goes out as."""
    request = {"text": TEXT, "reference_date": "2025-05-27", "targets": ["عودة المهجرين"], "min_confidence": 0}
    body = json.dumps(request).encode() if sent == "application/json" else msgspec.msgpack.encode(request)
    response = client.post("/extract", content=body, headers={"Content-Type": sent, "Accept": wanted})
    assert wanted == response.headers["content-type"]
    decode = msgspec.json.decode if wanted == "application/json" else msgspec.msgpack.decode
    assert post(client, request).json() == decode(response.content)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/*;q=0.5, text/html", "application/json"),
        ("application/json;q=0.4, application/msgpack;q=0.8", MSGPACK),
        ("application/msgpack;q=0.2, */*;q=0.1", MSGPACK),
        ("application/json;q=0, */*", MSGPACK),
        ("APPLICATION/MSGPACK; q=1.0", MSGPACK),
        ("application/json;q=what, application/msgpack", MSGPACK),
    ],
)
def test_accept_is_weighed(client: Client, accept: str, expected: str) -> None:
    """By q-value, then by precision, then by our liking."""
    assert expected == post(client, {"text": "نص"}, Accept=accept).headers["content-type"]


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, br", "br"),
        ("gzip;q=1, br;q=0.5", "gzip"),
        ("*", "br"),
        ("identity, gzip;q=0.5", None),
        ("gzip;q=0", None),
        ("", None),
        ("deflate", None),
    ],
)
def test_answers_are_compressed(client: Client, accepted: str, expected: str | None) -> None:
    """As Accept-Encoding likes it."""
    copies = 20
    body = json.dumps({"text": "في 20 ماي 2025. " * copies, "include": ["dates"]}).encode()
    with client.stream("POST", "/extract", content=body, headers=JSON | {"Accept-Encoding": accepted}) as response:
        raw = b"".join(response.iter_raw())
    assert expected == response.headers.get("content-encoding")
    assert "Accept-Encoding" in response.headers["vary"]
    unpack = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}[expected]
    assert copies == len(json.loads(unpack(raw))["dates"])


def test_large_answers_are_compressed_beside_the_loop(client: Client) -> None:
    """In a thread: the answer is the same."""
    request = {"text": "في 20 ماي 2025. " * 400, "include": ["dates"], "reference_date": "2025-05-27"}
    plain = post(client, request, Accept_Encoding="identity")
    assert len(plain.content) > 64 * 1024
    for coding in ("gzip", "br"):
        packed = post(client, request, Accept_Encoding=coding)
        assert coding == packed.headers["content-encoding"]
        assert plain.content == packed.content


def test_short_answers_are_not_compressed(client: Client) -> None:
    """It would not pay."""
    assert "content-encoding" not in client.get("/version").headers


def test_requests_may_be_compressed(client: Client) -> None:
    """In one gzip member, or in several end to end, large and small."""
    body = json.dumps({"text": TEXT * 1000, "include": []}).encode()
    for packed in (gzip.compress(body), gzip.compress(body[:50]) + gzip.compress(body[50:])):
        response = post(client, packed, Content_Encoding="gzip")
        assert 1000 * len(TEXT) == response.json()["meta"]["characters"]


def test_same_request_gives_the_same_bytes(client: Client) -> None:
    """To the last one."""
    request = {"text": TEXT, "reference_date": "2025-05-27"}
    assert 1 == len({post(client, request).content for _ in range(5)})


@pytest.mark.parametrize("sent", ["a", "A-b_c.9" * 9, "x" * 64])
def test_request_id_comes_back(client: Client, sent: str) -> None:
    """If it is one that we would repeat."""
    assert sent == client.get("/version", headers={"X-Request-ID": sent}).headers["x-request-id"]


@pytest.mark.parametrize("sent", ["", "a b", "x" * 65, "a\u00e9", "a;b"])
def test_request_id_is_replaced(client: Client, sent: str) -> None:
    """If it is not."""
    headers = httpx.Headers({"X-Request-ID": sent}, encoding="latin-1")
    first, second = (client.get("/version", headers=headers).headers["x-request-id"] for _ in "12")
    assert sent != first != second
    assert 32 == len(first)


def test_one_line_a_request_is_logged_without_its_text(client: Client, log: io.StringIO) -> None:
    """Method, route, status, duration, characters and id."""
    post(client, {"text": TEXT}, X_Request_ID="seen-in-the-log")
    lines = [json.loads(line) for line in log.getvalue().splitlines() if '"event": "request"' in line]
    lines = [line for line in lines if line["request_id"] == "seen-in-the-log"]
    assert 1 == len(lines)
    assert ("POST", "/extract", 200, len(TEXT)) == tuple(
        lines[0][key] for key in ("method", "route", "status", "characters")
    )
    assert lines[0]["milliseconds"] > 0
    assert "الوزير" not in log.getvalue()


def test_work_of_a_client_that_goes_is_dropped(obedient: Client) -> None:
    """Nothing stays in the queue for it."""
    with pytest.raises(httpx.ReadTimeout):
        obedient.post("/extract", json={"text": "sleep 0.4"}, timeout=0.1)
    wait_until(lambda: obedient.service.executor.used == 0)
    assert 200 == post(obedient, {"text": "a"}).status_code
    figures = obedient.get("/metrics").text
    assert 'istikhraj_requests_total{method="POST",route="/extract",status="499"} 1.0' in figures
