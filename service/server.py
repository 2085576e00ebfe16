"""The server process: uvicorn around the application, and an orderly end."""

import asyncio
import signal
from types import FrameType

import structlog
import uvicorn

from service.api.service import Service
from service.app import create_app
from service.log import configure_logging
from service.settings import Settings
from service.worker import Build

log = structlog.get_logger(__name__)

# Longer than a load balancer keeps its own connections idle (nginx 60 s, AWS 60 s): it, not we, closes them.
KEEP_ALIVE = 75
# Seconds for what was accepted to be answered: a full queue needs less, a client that stopped reading needs for ever.
LONGEST_END = 300


class Server(uvicorn.Server):
    """Drains before it ends.

    Readiness goes false and new work is refused at once; then the port closes; then what was accepted is answered.
    """

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self.service = service

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Start to drain; a second Ctrl-C ends at once."""
        if self.service.draining:
            self.force_exit = sig == signal.SIGINT
            return
        self.service.draining = True
        log.info("draining", signal=signal.Signals(sig).name, seconds=self.service.settings.drain_seconds)
        asyncio.get_running_loop().call_later(self.service.settings.drain_seconds, self._close)

    def _close(self) -> None:
        self.should_exit = True


def build_server(settings: Settings, build: Build | None = None) -> Server:
    """A server of the application; see `create_app` for `build`."""
    app = create_app(settings, build)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=LONGEST_END,
    )
    return Server(config, app.state.service)


def run(settings: Settings) -> int:
    """Serve until told to stop, and give the process's exit status."""
    configure_logging(settings)
    server = build_server(settings)
    server.run()
    return 0 if server.started else 3
