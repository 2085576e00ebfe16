"""The service under load: many clients, one article after another each, and in the end SIGTERM in the midst of it.

    python -m benchmarks.load --clients 200 --seconds 60

Starts the service itself (WORKERS and the rest from the environment), sends made-up articles of about 5 KB, asks for
its health all the while, watches its memory, and prints what came of it. Of the requests that the service had in hand
when SIGTERM came, none may be lost. Linux only: memory is read from /proc.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import uvloop

PEOPLE = ("وزير الخارجية", "رئيس الحكومة", "المتحدث باسم الجيش", "محافظ البنك المركزي", "أحمد بن سالم")
PLACES = ("تونس", "الجزائر", "القاهرة", "بغداد", "الرباط", "بيروت", "عمان")
VERBS = ("أعلن", "أكد", "قال", "أوضح", "نفى")
NEWS = (
    "ارتفاع الصادرات بنسبة {percent} في المائة خلال الربع الأول من العام الجاري",
    "وصول {count} شاحنة من المساعدات إلى المدينة يوم {day} ماي",
    "تخصيص {count} مليون دولار لإصلاح شبكة المياه في الضواحي",
    "تأجيل الاجتماع الذي كان مقررا يوم الخميس إلى الأسبوع المقبل",
    "أن المفاوضات بين الطرفين ستستأنف بعد {few} أيام برعاية الأمم المتحدة",
)


def article(rng: random.Random, size: int) -> str:
    """Sentences until there are `size` bytes of them."""
    sentences: list[str] = []
    length = 0
    while length < size:
        news = rng.choice(NEWS).format(
            percent=rng.randint(2, 40), count=rng.randint(11, 99), day=rng.randint(1, 28), few=rng.randint(3, 9)
        )
        sentences.append(f"و{rng.choice(VERBS)} {rng.choice(PEOPLE)} في {rng.choice(PLACES)} {news}.")
        length += len(sentences[-1].encode()) + 1
    return " ".join(sentences)


class Tally:
    """What the clients saw."""

    def __init__(self) -> None:
        self.statuses: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.health: list[float] = []
        self.unhealthy = 0
        self.memory: list[tuple[float, float]] = []
        self.stopping = False  # SIGTERM has been sent
        self.after: Counter[str] = Counter()  # what became of the requests that were under way then


async def answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """An answer's status, and whether the connection stays open."""
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    at = lower.index(b"content-length:") + len(b"content-length:")
    await reader.readexactly(int(lower[at : lower.index(b"\r\n", at)]))
    return int(head[9:12]), b"connection: close" not in lower


async def client(port: int, bodies: Sequence[bytes], tally: Tally, rng: random.Random) -> None:
    """Send one article after another, until the service goes down."""
    reader = writer = None
    while True:
        fresh = writer is None
        if writer is None or reader is None:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                tally.after["not accepted: connection refused"] += 1
                return
        body = rng.choice(bodies)
        began, before = time.perf_counter(), not tally.stopping
        writer.write(
            b"POST /extract HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            % len(body)
        )
        writer.write(body)
        try:
            status, stays = await answer(reader)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            nothing = not getattr(error, "partial", b"")
            lost = before or fresh or not nothing
            # RFC 9112, 9.3.1: a request sent on an idle connection while it was being closed was never taken.
            tally.after["LOST" if lost else "not accepted: idle connection closed"] += 1
            return
        if tally.stopping:
            tally.after[f"{'under way' if before else 'sent later'}: {status}"] += 1
            if not stays:
                writer.close()
                return
        else:
            tally.statuses[str(status)] += 1
            tally.seconds.append(time.perf_counter() - began)
        if not stays:
            writer.close()
            reader = writer = None
        if status == 429:
            await asyncio.sleep(1)


async def watch_health(port: int, tally: Tally) -> None:
    """Ask for both, on connections of their own, ten times a second."""
    while not tally.stopping:
        for path in (b"/health/live", b"/health/ready"):
            began = time.perf_counter()
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(b"GET %b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % path)
                status, _ = await answer(reader)
                writer.close()
            except OSError:
                status = 0
            if tally.stopping:
                return  # SIGTERM came meanwhile: readiness ends with it
            tally.health.append(time.perf_counter() - began)
            tally.unhealthy += status != 200
        await asyncio.sleep(0.1)


async def watch_memory(root: int, tally: Tally) -> None:
    """Note the megabytes of the service's processes every second."""
    began = time.monotonic()
    while not tally.stopping:
        tally.memory.append((time.monotonic() - began, sum(map(megabytes, family(root)))))
        await asyncio.sleep(1)


def family(root: int) -> list[int]:
    """A process and all that descend from it."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    members = [root]
    for member in members:
        members += [child for child, parent in parents.items() if parent == member]
    return members


def megabytes(process: int) -> float:
    """A process's share of memory (PSS: pages that several share count once in all)."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def quantile(values: Sequence[float], q: float) -> float:
    """The value below which a share `q` of the values lies."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(q * len(ranked)))] if ranked else float("nan")


async def start(port: int) -> tuple[asyncio.subprocess.Process, float]:
    """The service, and the seconds until it was ready."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "service.cli", "serve", env=os.environ | {"PORT": str(port), "LOG_LEVEL": "warning"}
    )
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /health/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            status, _ = await answer(reader)
            writer.close()
            if status == 200:
                return process, time.perf_counter() - began
        except OSError:
            if process.returncode is not None:
                raise SystemExit("the service does not start") from None
        await asyncio.sleep(0.02)


async def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Run it all."""
    rng = random.Random(20250520)
    bodies = [
        json.dumps({"text": article(rng, options.bytes), "reference_date": "2025-05-27"}, ensure_ascii=False).encode()
        for _ in range(100)
    ]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process, ready = await start(port)
    tally = Tally()
    watchers = [
        asyncio.create_task(watch_health(port, tally)),
        asyncio.create_task(watch_memory(process.pid, tally)),
    ]
    clients = [
        asyncio.create_task(client(port, bodies, tally, random.Random(number))) for number in range(options.clients)
    ]
    await asyncio.sleep(options.seconds)
    tally.stopping = True
    process.send_signal(signal.SIGTERM)
    await asyncio.gather(*clients, *watchers)
    exit_status = await process.wait()
    third = max(1, len(tally.memory) // 3)
    return {
        "seconds to ready": round(ready, 2),
        "answers": dict(tally.statuses),
        "requests a second": round(sum(tally.statuses.values()) / options.seconds, 1),
        "latency p50 / p99 / max, s": [round(quantile(tally.seconds, q), 3) for q in (0.5, 0.99, 1)],
        "health p50 / p99 / max, ms": [round(1000 * quantile(tally.health, q), 1) for q in (0.5, 0.99, 1)],
        "health asked / not 200": [len(tally.health), tally.unhealthy],
        "memory MB: mean of the second third, of the last third, most": [
            round(sum(m for _, m in part) / max(1, len(part)), 1)
            for part in (tally.memory[third : 2 * third], tally.memory[2 * third :])
        ]
        + [round(max(m for _, m in tally.memory), 1)],
        "SIGTERM": dict(tally.after),
        "exit status": exit_status,
    }


def main() -> int:
    """Print the figures; the status is 1 when one of them is not what it must be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--bytes", type=int, default=5_000, help="size of an article in UTF-8")
    options = parser.parse_args()
    figures = uvloop.run(measure(options))
    for name, figure in figures.items():
        print(f"{name}: {figure}")
    other = set(figures["answers"]) - {"200", "429"}
    return int(bool(other or figures["SIGTERM"].get("LOST") or figures["exit status"]))


if __name__ == "__main__":
    sys.exit(main())
