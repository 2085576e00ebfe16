"""The command line."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from service import __version__
from service.api.openapi import document
from service.cli import main

SERVICE = Path(__file__).parents[1] / "service"
TEXT = "أعلن الوزير يوم 20 ماي 2025 الخبر."


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """On a line of its own."""
    assert 0 == main(["version"])
    assert f"{__version__}\n" == capsys.readouterr().out


def test_openapi(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """As it is served."""
    assert 0 == main(["openapi"])
    sys.stdout.flush()
    assert document() == capfdbinary.readouterr().out


def test_extract_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same answer as the service's, indented."""
    file = tmp_path / "text"
    file.write_text(TEXT, encoding="utf-8")
    assert 0 == main(["extract", str(file), "--reference-date", "2025-05-27", "--region", "TN"])
    answer = json.loads(capsys.readouterr().out)
    assert "2025-05-27" == answer["meta"]["reference_date"]
    assert ["2025-05-20"] == [date["value"] for date in answer["dates"]]


def test_extract_from_standard_input() -> None:
    """In a process of its own."""
    command = [sys.executable, "-m", "service.cli", "extract", "-"]
    done = subprocess.run(command, input=TEXT.encode(), capture_output=True, check=True)  # noqa: S603
    assert ["2025-05-20"] == [date["value"] for date in json.loads(done.stdout)["dates"]]


@pytest.mark.parametrize(
    ("content", "options", "fault"),
    [
        (TEXT.encode(), ["--region", "ZZ"], "region must be an ISO 3166-1"),
        (TEXT.encode(), ["--reference-date", "yesterday"], "reference_date must be an RFC 3339"),
        (b"", [], "text must be a string"),
        (b"\xff", [], "not UTF-8"),
        (None, [], "No such file"),
    ],
)
def test_extract_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, options: list[str], fault: str
) -> None:
    """On standard error, and with a status."""
    file = tmp_path / "text"
    if content is not None:
        file.write_bytes(content)
    assert 2 == main(["extract", str(file), *options])
    assert fault in capsys.readouterr().err


def test_wrong_setting_stops_the_start(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It is named."""
    monkeypatch.setenv("PORT", "http")
    assert 2 == main(["serve"])
    assert "PORT" in capsys.readouterr().err


def test_wrong_model_file_stops_the_start(tmp_path: Path, environment: dict[str, str]) -> None:
    """It is named, and the exit status is neither that of a good end nor that of a wrong setting."""
    shutil.copytree(SERVICE, tmp_path / "service", copy_function=os.symlink)
    model = tmp_path / "service" / "models" / "stance.onnx"
    model.unlink()
    model.write_bytes(b"another")
    unmeasured = {name: value for name, value in environment.items() if not name.startswith("COVERAGE_")}
    command = [sys.executable, "-m", "service.cli", "serve"]
    ended = subprocess.run(command, cwd=tmp_path, env=unmeasured, capture_output=True, check=False)  # noqa: S603
    assert b"the model file stance.onnx is not the one in manifest.toml" in ended.stderr
    assert 3 == ended.returncode


def test_serve_answers_what_it_accepted_before_it_ends(unused_port: int, environment: dict[str, str]) -> None:
    """SIGTERM in the middle of requests: each of them is answered, and the process ends well."""
    command = [sys.executable, "-m", "service.cli", "serve"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as process:  # noqa: S603
        assert process.stderr
        for line in process.stderr:
            if b"Uvicorn running" in line:
                break
        else:
            raise AssertionError("it does not start")
        url = f"http://127.0.0.1:{unused_port}"
        lines = json.dumps({"text": TEXT * 50, "include": ["dates"]}).encode() + b"\n"
        with (
            httpx.Client(base_url=url, timeout=60) as client,
            client.stream(
                "POST", "/extract/batch", content=lines * 40, headers={"Content-Type": "application/x-ndjson"}
            ) as response,
        ):
            results = response.iter_lines()
            first = next(results)
            process.send_signal(signal.SIGTERM)
            statuses = [json.loads(result)["status"] for result in (first, *results)]
        assert 40 == len(statuses)
        assert {200, 503} >= set(statuses)
        assert statuses == sorted(statuses)
        assert 0 == process.wait(timeout=60)


@pytest.fixture
def unused_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def environment(unused_port: int) -> dict[str, str]:
    """The environment of a service on that port."""
    return os.environ | {"PORT": str(unused_port), "WORKERS": "1", "LOG_FORMAT": "json"}
