"""Services to send requests to: real ones, on a port, with one worker each."""

import io
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from service.api.service import Service
from service.log import configure_logging
from service.server import build_server
from service.settings import Settings
from service.worker import Build
from tests.api.doubles import build_obedient


class Client(httpx.Client):
    """A client of one running service, which it knows from inside too."""

    service: Service


@contextmanager
def running(build: Build | None = None, **settings: object) -> Iterator[Client]:
    """A service on a free port."""
    chosen: dict[str, object] = {"port": 0, "workers": 1, **settings}
    server = build_server(Settings(**chosen), build)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        with Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            client.service = server.service
            yield client
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session", autouse=True)
def log() -> io.StringIO:
    """All that is logged in the session, as JSON lines."""
    written = io.StringIO()
    stderr, sys.stderr = sys.stderr, written
    configure_logging(Settings(log_format="json", log_level="debug"))
    sys.stderr = stderr
    return written


@pytest.fixture(scope="session")
def client() -> Iterator[Client]:
    """A service as it ships."""
    with running() as client:
        yield client


@pytest.fixture(scope="session")
def obedient() -> Iterator[Client]:
    """A small service whose extraction does what the text says."""
    with running(build_obedient, max_chars=100, queue_chars=400, request_timeout=0.5) as client:
        yield client
