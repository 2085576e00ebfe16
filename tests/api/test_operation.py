"""Health, version, figures, and the OpenAPI document held to the code."""

import json
from pathlib import Path

import msgspec

from service import __version__
from service.api.openapi import REQUESTS, document
from service.api.problems import PREFIX, PROBLEMS
from service.app import create_app
from service.settings import Settings
from tests.api.conftest import Client
from tests.api.test_problems import post

WRITTEN = Path(__file__).parents[2] / "openapi" / "openapi.json"
DOCUMENT = json.loads(document())
OPERATIONS = {
    (path, method): operation for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items()
}


def test_health_and_version(client: Client) -> None:
    """All is well."""
    assert {"status": "live"} == client.get("/health/live").json()
    assert {"status": "ready"} == client.get("/health/ready").json()
    assert {"service": "istikhraj", "version": __version__} == client.get("/version").json()


def test_figures(client: Client) -> None:
    """Routes and statuses are labels; nothing that a client chose ever is."""
    client.request("PROPFIND", "/pot/of/tea")
    post(client, {"text": "نص"})
    figures = client.get("/metrics")
    assert figures.headers["content-type"].startswith("text/plain")
    assert 'istikhraj_requests_total{method="other",route="unmatched",status="404"} 1.0' in figures.text
    assert "istikhraj_workers_ready 1.0" in figures.text
    assert "istikhraj_queue_characters 0.0" in figures.text
    assert "tea" not in figures.text


def test_document_in_the_repository_is_the_one_served(client: Client) -> None:
    """`make openapi` writes it."""
    assert document() == WRITTEN.read_bytes()
    assert document() == client.get("/openapi.json").content


def test_document_has_every_route() -> None:
    """And no other."""
    routes = {
        (route.path, method.lower())
        for route in create_app(Settings()).routes
        for method in route.methods
        if method != "OPTIONS"
    }
    assert routes == OPERATIONS.keys()


def test_operations_have_ids_of_their_own() -> None:
    """For the names of functions in clients."""
    assert len(OPERATIONS) == len({operation["operationId"] for operation in OPERATIONS.values()})


def test_every_problem_is_documented_with_an_example() -> None:
    """In the table, in the schema, and where an operation can give it."""
    types = [PREFIX + kind for kind in PROBLEMS]
    assert types == DOCUMENT["components"]["schemas"]["Problem"]["properties"]["type"]["enum"]
    assert all(f"`{name}`" in DOCUMENT["info"]["description"] for name in types)
    for operation in OPERATIONS.values():
        for status, response in operation["responses"].items():
            for media_type, content in response["content"].items():
                assert (status != "200") == (media_type == "application/problem+json")
                if status != "200":
                    assert content["examples"]
                    for example in content["examples"].values():
                        assert int(status) == example["value"]["status"]


def test_unknown_fields_are_refused_in_requests_only() -> None:
    """An answer may gain fields within version 1, and always has those that it has."""
    for name, schema in DOCUMENT["components"]["schemas"].items():
        assert (name in REQUESTS) == (schema.get("additionalProperties") is False)
        if name not in REQUESTS:
            assert set(schema["properties"]) == set(schema["required"])


def test_open_sets_are_open() -> None:
    """Known values stand beside the type, not in an enum."""
    entity = DOCUMENT["components"]["schemas"]["EntityOut"]["properties"]["type"]
    assert "enum" not in entity
    assert "PERSON" in entity["x-extensible-enum"]


def test_examples_are_answered(client: Client) -> None:
    """The document's own requests get a 200."""
    for path in ("/extract", "/extract/batch"):
        content = OPERATIONS[path, "post"]["requestBody"]["content"]["application/json"]
        response = client.post(
            path, content=msgspec.json.encode(content["example"]), headers={"Content-Type": "application/json"}
        )
        assert 200 == response.status_code
