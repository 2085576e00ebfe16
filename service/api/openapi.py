"""The OpenAPI 3.1 document: schemas from the wire Structs, problems from the closed table, paths from here."""

from collections.abc import Sequence
from typing import Any, get_args

import msgspec

from service import __version__
from service.api.media import FORMATS, JSON, NDJSON
from service.api.problems import MEDIA_TYPE, PREFIX, PROBLEMS, Kind, ProblemError
from service.schema import (
    BatchDocument,
    BatchRequest,
    BatchResponse,
    BatchResult,
    Extraction,
    ExtractRequest,
    FieldError,
    Health,
    Problem,
    Version,
)

REQUESTS = {"ExtractRequest", "BatchRequest", "BatchDocument"}

# What extraction can answer: every problem but those of a wrong address.
EXTRACTING: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if kind not in {"not-found", "method-not-allowed"})

REQUEST = {
    "text": "أعلن رئيس الحكومة يوم 20 ماي عن خفض سعر الوقود بنسبة 5 %.",
    "reference_date": "2025-05-27",
    "region": "TN",
    "targets": ["خفض سعر الوقود"],
}
BATCH = {"documents": [{"id": "a", **REQUEST}, {"id": "b", "text": "زار الوفد مدينة وهران أمس.", "region": "DZ"}]}

DESCRIPTION = """\
Facts out of Arabic text: entities, dates, numeric facts, stance and statements, each with its place in the text.

Every error, on whatever path, is an `application/problem+json` (RFC 9457) of one of these types:

| type | status | title |
|---|---|---|
"""


def document() -> bytes:
    """The document, as it is served and as it lies in the repository."""
    table = "".join(f"| `{PREFIX}{kind}` | {row.status} | {row.title} |\n" for kind, row in PROBLEMS.items())
    built = {
        "openapi": "3.1.0",
        "info": {
            "title": "Istikhraj",
            "version": __version__,
            "summary": "Facts out of Arabic text, as a service.",
            "description": DESCRIPTION + table,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "Where this document comes from."}],
        "tags": [
            {"name": "extraction", "description": "Facts out of texts."},
            {"name": "operation", "description": "What keeps the service running."},
        ],
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "parameters": {"RequestId": _REQUEST_ID},
            "headers": _HEADERS,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "Asked for where the operator set API_KEYS."}
            },
        },
    }
    return msgspec.json.format(msgspec.json.encode(built), indent=2)


def _paths() -> dict[str, Any]:
    return {
        "/extract": {
            "post": {
                **_extracting("extract", "Extract facts from one text", Extraction),
                "requestBody": {"required": True, "content": _media(FORMATS, ExtractRequest, REQUEST)},
            }
        },
        "/extract/batch": {
            "post": {
                **_extracting("extractBatch", "Extract facts from many texts", BatchResponse, lines=True),
                "description": "At most 1 000 documents and 20 times the longest text in all. Every document is "
                "checked by itself: one that is not a valid `BatchDocument` gets a result with a problem, and the "
                "answer is still 200. As `application/x-ndjson`: one `BatchDocument` a line in, one `BatchResult` a "
                "line out, in order, streamed: read while you send.",
                "requestBody": {
                    "required": True,
                    "content": _media(FORMATS, BatchRequest, BATCH) | _lines(BatchDocument),
                },
            }
        },
        "/health/live": {"get": _operation("live", "Whether the process lives", _json(Health, {"status": "live"}))},
        "/health/ready": {
            "get": _operation(
                "ready",
                "Whether models are loaded and new work is taken",
                _json(Health, {"status": "ready"}),
                ("not-ready", "draining"),
            )
        },
        "/version": {
            "get": _operation(
                "version", "Which version answers", _json(Version, {"service": "istikhraj", "version": __version__})
            )
        },
        "/metrics": {
            "get": _operation("metrics", "Figures for Prometheus", {"text/plain": {"schema": {"type": "string"}}})
        },
        "/openapi.json": {"get": _operation("openapi", "This document", {JSON: {"schema": {"type": "object"}}})},
    }


def _extracting(name: str, summary: str, shape: type, lines: bool = False) -> dict[str, Any]:
    content = _media(FORMATS, shape) | (_lines(BatchResult) if lines else {})
    operation = _operation(name, summary, content, EXTRACTING, tag="extraction")
    return {**operation, "security": [{}, {"key": []}]}


def _operation(
    name: str, summary: str, content: dict[str, Any], kinds: Sequence[Kind] = (), tag: str = "operation"
) -> dict[str, Any]:
    answer = {"description": "Answered.", "headers": _headers("X-Request-ID"), "content": content}
    return {
        "operationId": name,
        "summary": summary,
        "tags": [tag],
        "security": [],
        "parameters": [{"$ref": "#/components/parameters/RequestId"}],
        "responses": {"200": answer} | _problems(kinds),
    }


def _problems(kinds: Sequence[Kind]) -> dict[str, Any]:
    """The problem responses, kinds of one status together, each with an example."""
    responses: dict[str, Any] = {}
    for kind in kinds:
        row = PROBLEMS[kind]
        response = responses.setdefault(
            str(row.status),
            {
                "description": "",
                "headers": _headers("X-Request-ID", *_OF_STATUS.get(row.status, ())),
                "content": {MEDIA_TYPE: {"schema": _ref(Problem), "examples": {}}},
            },
        )
        response["description"] = f"{response['description']} {row.title}.".strip()
        response["content"][MEDIA_TYPE]["examples"][kind] = {"value": _example(kind)}
    return responses


def _example(kind: Kind) -> Problem:
    errors = [FieldError(pointer="/region", detail="must be an ISO 3166-1 alpha-2 code in capitals, or null")]
    return ProblemError(kind, errors=errors if kind == "invalid-fields" else ()).body("f3b8c1d2")


def _schemas() -> dict[str, Any]:
    shapes = [ExtractRequest, BatchRequest, Extraction, BatchResponse, Problem, Health, Version]
    _, schemas = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
    for name, schema in schemas.items():
        if name not in REQUESTS:  # an answer always has all of its fields
            schema["required"] = list(schema["properties"])
    schemas["Problem"]["properties"]["type"]["enum"] = [PREFIX + kind for kind in PROBLEMS]
    return schemas


def _ref(shape: type) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def _json(shape: type, example: Any) -> dict[str, Any]:
    return _media((JSON,), shape, example)


def _media(types: Sequence[str] | dict[str, Any], shape: type, example: Any = None) -> dict[str, Any]:
    """The same content in each media type; an example stands where it can be written down, in JSON."""
    content: dict[str, Any] = {name: {"schema": _ref(shape)} for name in types}
    if example is not None:
        content[JSON]["example"] = example
    return content


def _lines(shape: type) -> dict[str, Any]:
    return {NDJSON: {"schema": {"type": "string", "description": f"One {shape.__name__} a line."}}}


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


_REQUEST_ID = {
    "name": "X-Request-ID",
    "in": "header",
    "required": False,
    "description": "Comes back with the answer if it is of 1 to 64 letters, digits, dots, hyphens and underscores; "
    "otherwise another one does.",
    "schema": {"type": "string"},
}
_HEADERS = {
    "X-Request-ID": {"description": "The request's id.", "required": True, "schema": {"type": "string"}},
    "Retry-After": {
        "description": "Seconds after which there is likely to be room.",
        "schema": {"type": "integer", "minimum": 1},
    },
    "WWW-Authenticate": {"description": "How to send a key.", "schema": {"type": "string"}},
    "Accept-Encoding": {"description": "The content codings that are read.", "schema": {"type": "string"}},
}
_OF_STATUS = {
    401: ("WWW-Authenticate",),
    415: ("Accept-Encoding",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}
