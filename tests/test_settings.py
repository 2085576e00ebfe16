"""The settings: defaults that hold together, and faults reported all at once."""

import inspect
import re
from pathlib import Path

import pytest

from service import settings
from service.errors import SettingsError
from service.settings import Settings, cores, queue_limit, read_settings


def test_defaults_hold_together() -> None:
    """An empty environment is a good one; so are blank variables."""
    assert Settings() == read_settings({}) == read_settings({"PORT": "", "HOST": " ", "PATH": "/bin"})
    assert Settings().workers == cores() >= 1


def test_environment_is_read() -> None:
    """Each variable is the field's name in capitals."""
    assert Settings(
        host="0.0.0.0",  # noqa: S104
        port=81,
        workers=3,
        max_chars=10,
        queue_chars=20,
        request_timeout=1.5,
        drain_seconds=0,
        api_keys=("a", "b"),
        entities_backend="camel",
        log_level="warning",
        log_format="json",
    ) == read_settings(
        {
            "HOST": "0.0.0.0",  # noqa: S104
            "PORT": "81",
            "WORKERS": "3",
            "MAX_CHARS": "10",
            "QUEUE_CHARS": "20",
            "REQUEST_TIMEOUT": "1.5",
            "DRAIN_SECONDS": "0",
            "API_KEYS": "a, b,",
            "ENTITIES_BACKEND": "camel",
            "LOG_LEVEL": "warning",
            "LOG_FORMAT": "json",
        }
    )


def test_faults_are_reported_together() -> None:
    """Every variable at fault is named."""
    wrong = {
        "PORT": "http",
        "WORKERS": "0",
        "MAX_CHARS": "-1",
        "REQUEST_TIMEOUT": "0",
        "LOG_LEVEL": "loud",
        "QUEUE_CHARS": "5",
    }
    with pytest.raises(SettingsError) as caught:
        read_settings(wrong)
    assert set(wrong) == {
        name for name in wrong if f"{name}: " in str(caught.value) or f"{name} (" in str(caught.value)
    }


def test_queue_follows_the_workers_unless_set() -> None:
    """And always holds the longest text."""
    assert 450_000 == queue_limit(Settings(workers=3))
    assert 2_000_000 == queue_limit(Settings(workers=3, max_chars=2_000_000))
    assert 5 == queue_limit(Settings(workers=3, max_chars=5, queue_chars=5))


def test_contradiction_is_named() -> None:
    """Both settings that contradict each other."""
    with pytest.raises(SettingsError, match=r"QUEUE_CHARS \(5\) is less than MAX_CHARS \(10\)"):
        read_settings({"MAX_CHARS": "10", "QUEUE_CHARS": "5"})


def test_every_setting_says_why() -> None:
    """A docstring under each field."""
    source = inspect.getsource(Settings)
    for name in Settings.__struct_fields__:
        assert re.search(rf'^    {name}: .*\n    """', source, re.MULTILINE), name


@pytest.mark.parametrize(("written", "expected"), [("150000 100000", 1), ("400000 100000", 4), ("max 100000", 64)])
def test_cores_heed_the_quota(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, expected: int) -> None:
    """A container with a quota of one and a half cores has one worker, whatever the machine has."""
    (tmp_path / "cpu.max").write_text(written)
    monkeypatch.setattr(settings, "QUOTA", tmp_path / "cpu.max")
    monkeypatch.setattr("os.sched_getaffinity", lambda _: range(64))
    assert expected == cores()


def test_cores_without_a_control_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The affinity alone."""
    monkeypatch.setattr(settings, "QUOTA", tmp_path / "none")
    monkeypatch.setattr("os.sched_getaffinity", lambda _: range(3))
    assert 3 == cores()
