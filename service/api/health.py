"""Whether the service lives, whether it is ready, which version it is, and its figures."""

from litestar import Response, get

from service import __version__
from service.api.media import JSON
from service.api.openapi import document
from service.api.problems import encode
from service.api.service import AnyRequest, service_of
from service.schema import Health, Version


@get("/health/live")
async def live() -> Response[bytes]:
    """The process answers."""
    return Response(encode(Health(status="live")), media_type=JSON)


@get("/health/ready")
async def ready(request: AnyRequest) -> Response[bytes]:
    """Models are loaded, and new work is taken."""
    service_of(request).check_open()
    return Response(encode(Health(status="ready")), media_type=JSON)


@get("/version")
async def version() -> Response[bytes]:
    """Which version answers."""
    return Response(encode(Version(service="istikhraj", version=__version__)), media_type=JSON)


@get("/openapi.json")
async def openapi() -> Response[bytes]:
    """The OpenAPI document."""
    return Response(document(), media_type=JSON)


@get("/metrics")
async def metrics(request: AnyRequest) -> Response[bytes]:
    """Figures for Prometheus."""
    figures = service_of(request).metrics
    return Response(figures.exposition(), media_type=figures.content_type)
