"""Logs: whoever writes them, no exception's message is among them."""

import io
import json
import logging
import sys

import pytest
import structlog

from service.log import configure_logging
from service.settings import Settings
from tests.api.doubles import MARK


@pytest.fixture(params=["json", "console"])
def written(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is logged, in both formats."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    configure_logging(Settings(log_format=request.param))
    return stream


def fail() -> None:
    """Raise with a text in the message, and in that of the cause."""
    try:
        raise KeyError(MARK)
    except KeyError as error:
        raise ValueError(MARK) from error


@pytest.mark.parametrize("logger", [structlog.get_logger("service.x"), logging.getLogger("uvicorn.error")])
def test_exceptions_are_logged_by_type_and_place(written: io.StringIO, logger: logging.Logger) -> None:
    """Those of the service and of libraries."""
    try:
        fail()
    except ValueError:
        logger.exception("it failed")
    logger.error("it failed again", exc_info=ValueError(MARK))
    assert MARK not in written.getvalue()
    for word in ("ValueError", "KeyError", "test_log.py", "it failed", "it failed again"):
        assert word in written.getvalue()


def test_level_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Below it nothing is written."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    configure_logging(Settings(log_format="json", log_level="warning"))
    log = structlog.get_logger("service.y")
    log.info("unheard")
    log.warning("heard")
    assert ["heard"] == [json.loads(line)["event"] for line in stream.getvalue().splitlines()]


def test_console_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """And JSON elsewhere, unless told."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream, json_lines in ((Terminal(), False), (io.StringIO(), True)):
        monkeypatch.setattr(sys, "stderr", stream)
        configure_logging(Settings())
        structlog.get_logger("service.z").warning("seen")
        assert json_lines == stream.getvalue().startswith("{")
