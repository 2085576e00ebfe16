"""What handlers share, and what they ask of a request."""

import hashlib
import hmac
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from msgspec import Struct

from service.api.problems import ProblemError
from service.executor import Executor
from service.settings import Settings
from service.telemetry import Metrics

AnyRequest = Request[Any, Any, Any]


class ClientGone(Exception):
    """The client closed the connection before its answer was ready."""


class Service(Struct):
    """The settings, the queue and the figures of one running service."""

    settings: Settings
    executor: Executor
    metrics: Metrics
    draining: bool = False
    held: int = 0  # bytes of bodies that are being read

    def check_open(self) -> None:
        """Raise 503 unless new work is taken."""
        if self.draining:
            raise ProblemError("draining", headers={"Retry-After": "1"})
        if not self.executor.ready:
            raise ProblemError("not-ready", headers={"Retry-After": "1"})


def service_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Service:
    """The service that a request came to."""
    service: Service = connection.app.state.service
    return service


def header(request: AnyRequest, name: str) -> str:
    """A header's value, its several lines joined."""
    return ", ".join(request.headers.getall(name, []))


def request_id(request: AnyRequest) -> str:
    """The request's id, as it goes back in X-Request-ID."""
    known: str = request.scope["state"]["request_id"]
    return known


def note(request: AnyRequest, characters: int) -> None:
    """Leave for the log how many code points a request had."""
    request.scope["state"]["characters"] = characters


def require_key(connection: ASGIConnection[Any, Any, Any, Any], _route: BaseRouteHandler) -> None:
    """A guard: raise 401 or 403 where keys are on and the request has none of them."""
    keys = service_of(connection).settings.api_keys
    if not keys:
        return
    scheme, _, key = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise ProblemError("missing-credentials", headers={"WWW-Authenticate": "Bearer"})
    sent = hashlib.sha256(key.strip().encode()).digest()
    # Every key is compared, and in constant time: how long it takes tells nothing of them.
    if not sum(hmac.compare_digest(sent, hashlib.sha256(known.encode()).digest()) for known in keys):
        raise ProblemError("wrong-credentials")
