"""The composition root: settings in, application out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import structlog
from litestar import Litestar, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from service.api.batch import batch
from service.api.extract import extract
from service.api.health import live, metrics, openapi, ready, version
from service.api.observe import Observer
from service.api.problems import ProblemError
from service.api.respond import refuse
from service.api.service import AnyRequest, ClientGone, Service, request_id
from service.errors import where
from service.executor import Executor
from service.settings import Settings, queue_limit
from service.telemetry import Metrics
from service.worker import Build, load

log = structlog.get_logger(__name__)

# What nginx calls a request whose client went away: nobody reads the answer, but the log and the figures have it.
CLIENT_GONE = 499


def create_app(settings: Settings, build: Build | None = None) -> Litestar:
    """The application. `build` gives each worker process its pipeline: it runs there, so it must pickle."""
    figures = Metrics()
    executor = Executor(
        workers=settings.workers,
        limit=queue_limit(settings),
        timeout=settings.request_timeout,
        build=build or partial(load, settings.entities_backend),
        on_restart=figures.restarts.inc,
    )
    figures.watch("istikhraj_queue_characters", "Cost of the work accepted and not answered.", lambda: executor.used)
    figures.watch("istikhraj_queue_limit_characters", "The bound on it.", lambda: executor.limit)
    figures.watch("istikhraj_workers_ready", "Worker processes that are up.", lambda: executor.up)
    service = Service(settings, executor, figures)
    app = Litestar(
        route_handlers=[extract, batch, live, ready, version, metrics, openapi],
        lifespan=[partial(_running, executor)],
        exception_handlers=HANDLERS,
        state=State({"service": service}),
        openapi_config=None,
        logging_config=None,
        request_max_body_size=None,  # every handler reads its body within a bound of its own
    )
    app.asgi_handler = Observer(app.asgi_handler, service, frozenset(route.path for route in app.routes))
    return app


@asynccontextmanager
async def _running(executor: Executor, _: Litestar) -> AsyncIterator[None]:
    await executor.start()
    try:
        yield
    finally:
        await executor.close()


def _on_problem(request: AnyRequest, error: ProblemError) -> Response[bytes]:
    return refuse(request_id(request), error)


def _on_litestar(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    """Litestar's own refusals: no such path, no such method, a request that HTTP does not allow."""
    match error.status_code:
        case 404:
            problem = ProblemError("not-found")
        case 405:
            problem = ProblemError("method-not-allowed", headers={"Allow": (error.headers or {}).get("allow", "")})
        case status if 400 <= status < 500:
            problem = ProblemError("bad-request")
        case _:
            return _on_anything(request, error)
    return refuse(request_id(request), problem)


def _on_client_gone(_: AnyRequest, __: ClientGone) -> Response[bytes]:
    return Response(b"", status_code=CLIENT_GONE)


def _on_anything(request: AnyRequest, error: Exception) -> Response[bytes]:
    log.error("unexpected error", where=where(error))
    return refuse(request_id(request), ProblemError("internal-error"))


HANDLERS: ExceptionHandlersMap = {
    ProblemError: _on_problem,
    HTTPException: _on_litestar,
    ClientGone: _on_client_gone,
    Exception: _on_anything,
}
