"""The settings, read once from the environment: each variable is the field's name in capitals."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from service.errors import SettingsError

QUEUE_OF_A_WORKER = 150_000
QUOTA = Path("/sys/fs/cgroup/cpu.max")

Positive = Annotated[int, Meta(ge=1)]
EntitiesBackend = Literal["shipped", "camel"]
Seconds = Annotated[float, Meta(gt=0, le=86_400)]


def cores() -> int:
    """The processor cores that this process may use: its affinity, and its control group's quota where it has one."""
    allowed = len(os.sched_getaffinity(0))
    try:
        quota, period = QUOTA.read_text(encoding="ascii").split()
        return max(1, min(allowed, int(quota) // int(period)))
    except (OSError, ValueError):  # no control group of version 2, or "max": no quota
        return allowed


class Settings(Struct, frozen=True, kw_only=True):
    """What an operator may choose. Every default serves a laptop and a container of two cores alike."""

    host: str = "127.0.0.1"
    """The address to listen on. Loopback, so that nobody publishes a service by starting it; an image sets 0.0.0.0."""

    port: Annotated[int, Meta(ge=0, le=65_535)] = 8000
    """The port to listen on; 0 takes any free one."""

    workers: Positive = msgspec.field(default_factory=cores)
    """Processes that extract, one document at a time each. As many as cores: the work is pure computation, and the
    server's own loop needs a few percent of one."""

    max_chars: Positive = 100_000
    """The longest text, in code points. A book chapter fits; a text of this size takes seconds, not minutes."""

    queue_chars: Positive | None = None
    """How much accepted work may be waiting or running, in code points × (1 + targets); by default 150 000 for
    each worker. That is some ten to twenty seconds of work: more would only make clients wait longer before they hear
    that the service is full."""

    request_timeout: Seconds = 30.0
    """How long one document may be in extraction. Far above the slowest honest text; it is there to end the rest."""

    drain_seconds: Annotated[float, Meta(ge=0, le=3_600)] = 0.0
    """How long, after SIGTERM, the port stays open with /health/ready at 503, for load balancers to notice. None needed
    where the balancer is told first (a preStop hook), or where there is none."""

    api_keys: tuple[str, ...] = ()
    """Keys of which a client must send one (`Authorization: Bearer KEY`), separated by commas. None: open to all who
    reach the port."""

    entities_backend: EntitiesBackend = "shipped"
    """Which tagger finds names: the one that ships with the service, or `camel`, CAMeL's own, for an operator who has
    torch and CAMeL's data."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """One line a request at `info`; `warning` leaves only what needs a person."""

    log_format: Literal["auto", "json", "console"] = "auto"
    """JSON for machines; console for people, which `auto` takes on a terminal."""


def queue_limit(settings: Settings) -> int:
    """The bound on the queue: as set, or by default never less than the longest text."""
    return settings.queue_chars or max(QUEUE_OF_A_WORKER * settings.workers, settings.max_chars)


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings in `environ`. All that is wrong with them is reported together.

    Raises: SettingsError, naming every variable at fault.
    """
    values: dict[str, Any] = {}
    faults = []
    for field in msgspec.structs.fields(Settings):
        name = field.name.upper()
        written = environ.get(name, "").strip()
        if not written:
            continue
        try:
            value: Any = _keys(written) if field.name == "api_keys" else written
            values[field.name] = msgspec.convert(value, field.type, strict=False)
        except msgspec.ValidationError as error:
            faults.append(f"{name}: {error}")
    settings = Settings(**values)
    faults += _contradictions(settings)
    if faults:
        raise SettingsError("; ".join(faults))
    return settings


def _keys(written: str) -> list[str]:
    return [key.strip() for key in written.split(",") if key.strip()]


def _contradictions(settings: Settings) -> list[str]:
    faults = []
    if queue_limit(settings) < settings.max_chars:
        faults.append(
            f"QUEUE_CHARS ({settings.queue_chars}) is less than MAX_CHARS ({settings.max_chars}): "
            "the longest text that is allowed would never be admitted"
        )
    return faults
