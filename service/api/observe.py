"""Around every request: its id, one line in the log, its figures. Never anything that its body held."""

import re
import time
import uuid
from typing import cast

import structlog
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from service.api.service import Service
from service.errors import where

log = structlog.get_logger(__name__)

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
UNMATCHED = "unmatched"


class Observer:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, service: Service, routes: frozenset[str]) -> None:
        self.app = app
        self.service = service
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run one request."""
        began = time.perf_counter()
        identity = _request_id(scope)
        state = scope["state"]
        state["request_id"] = identity
        status = 500

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = list(message["headers"])
                headers.append((b"x-request-id", identity.encode()))
                if self.service.draining:  # an orderly way out for clients that keep connections open
                    headers.append((b"connection", b"close"))
                message["headers"] = headers
            await send(message)

        fault = None
        try:
            with structlog.contextvars.bound_contextvars(request_id=identity):
                await self.app(scope, receive, observed)
        except Exception as error:  # after the answer began: the server closes the connection
            fault = where(error)
        path = scope.get("path_template") or scope["path"]
        route = path if path in self.routes else UNMATCHED
        asked = cast(HTTPScope, scope)["method"]  # the server speaks nothing else
        method = asked if asked in METHODS else "other"
        seconds = time.perf_counter() - began
        self.service.metrics.requests.labels(method, route, status).inc()
        self.service.metrics.seconds.labels(route).observe(seconds)
        self.service.metrics.characters.inc(state.get("characters", 0))
        figures = {
            "method": method,
            "route": route,
            "status": status,
            "milliseconds": round(1000 * seconds, 1),
            "characters": state.get("characters"),
            "request_id": identity,
        }
        if fault:
            log.error("answer broken off", **figures, where=fault)
        elif route.startswith("/health/"):  # probes come every few seconds
            log.debug("request", **figures)
        else:
            log.info("request", **figures)


def _request_id(scope: Scope) -> str:
    """The client's request id, or a new one where it sent none or none that we would repeat."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(value.decode("latin-1")):
            return str(value, "ascii")
    return uuid.uuid4().hex
