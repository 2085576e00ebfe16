"""The bounded queue in front of extraction, and the worker processes behind it.

Work is admitted by cost, never by count: code points × (1 + targets). Documents of batches may fill half of the queue,
so that single requests always find room. Slots take work from the requests in turn, one document each, so that a batch
of a thousand delays a single request by one document. Each slot drives one process; a process that dies or overruns its
time is replaced without touching the others, and a document whose process died is tried once more.
"""

import asyncio
import atexit
import math
import multiprocessing
import socket
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import msgspec
import structlog

from service.errors import ExtractionError, Failed, IstikhrajError, NoWorker, OutOfTime, Overloaded
from service.forkserver import start_fork_server
from service.query import Query
from service.worker import ANSWERED, Build, Task, main

log = structlog.get_logger(__name__)

# What a slot is thought to do per second until it has been seen at work, and how fast older work is forgotten.
FIRST_RATE = 50_000.0
FORGETTING = 0.98
LONGEST_RETRY = 120
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0

_encode = msgspec.msgpack.Encoder().encode


class StartError(IstikhrajError):
    """A worker could not load. The message is the worker's own."""


def cost_of(query: Query) -> int:
    """What a document costs: code points × (1 + targets)."""
    return len(query.text) * (1 + len(query.targets))


class Job:
    """A document on its way, and the future of its encoded answer."""

    __slots__ = ("answer", "bulk", "cost", "task")

    def __init__(self, task: Task, bulk: bool, answer: asyncio.Future[bytes]) -> None:
        self.task = task
        self.cost = cost_of(task.query)
        self.bulk = bulk
        self.answer = answer


class Worker:
    """The parent's end of one worker process."""

    def __init__(self, process: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.process = process
        self.reader = reader
        self.writer = writer

    @classmethod
    async def start(cls, context: Any, build: Build) -> "Worker":
        """Start a process and wait until it is ready. Raises StartError."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                process = context.Process(target=main, args=(theirs, build), daemon=True)
                await asyncio.to_thread(process.start)  # waits for the fork server's imports, the first time
            worker = cls(process, *await asyncio.open_unix_connection(sock=ours))
        except BaseException:
            ours.close()
            raise
        try:
            fault = (await worker.receive()).decode()
        except (asyncio.IncompleteReadError, ConnectionError):
            fault = "the process ended while it loaded"
        except BaseException:
            worker.kill()
            raise
        if fault:
            worker.kill()
            raise StartError(fault)
        return worker

    async def ask(self, task: Task) -> bytes:
        """A task's answer frame. Raises IncompleteReadError or ConnectionError when the process is gone."""
        frame = _encode(task)
        self.writer.write(len(frame).to_bytes(4, "big") + frame)
        await self.writer.drain()
        return await self.receive()

    async def receive(self) -> bytes:
        """The next frame."""
        size = int.from_bytes(await self.reader.readexactly(4), "big")
        return await self.reader.readexactly(size)

    def kill(self) -> None:
        """End the process at once."""
        self.writer.close()
        self.process.kill()


class Executor:
    """Runs documents in worker processes, within a bound on the work accepted."""

    def __init__(
        self,
        *,
        workers: int,
        limit: int,
        timeout: float,
        build: Build,
        on_restart: Callable[[], None] = lambda: None,
    ) -> None:
        """`limit` bounds the cost of the work accepted; `timeout` is in seconds a document; `build` must pickle."""
        self.size = workers
        self.limit = limit
        self.timeout = timeout
        self.used = 0
        self.used_by_batches = 0
        self._build = build
        self._on_restart = on_restart
        self._context = multiprocessing.get_context("forkserver")
        self._turns: deque[deque[Job]] = deque()
        self._waiting = asyncio.Semaphore(0)
        self._freed = asyncio.Event()
        self._workers: dict[int, Worker] = {}
        self._slots: list[asyncio.Task[None]] = []
        self._failing: set[int] = set()  # slots whose new process did not start
        self._done = FIRST_RATE  # cost answered, and the seconds it took: both fade
        self._spent = 1.0

    @property
    def ready(self) -> bool:
        """Whether a worker is there, or about to be."""
        return len(self._failing) < len(self._slots)

    @property
    def up(self) -> int:
        """How many workers are there."""
        return len(self._workers)

    async def start(self) -> None:
        """Start every worker. Raises StartError when one cannot load."""
        atexit.register(self._kill)
        start_fork_server()
        try:
            started = await asyncio.gather(*(Worker.start(self._context, self._build) for _ in range(self.size)))
        except BaseException:
            await self.close()
            raise
        self._workers = dict(enumerate(started))
        self._slots = [asyncio.create_task(self._drive(slot)) for slot in self._workers]

    async def close(self) -> None:
        """End the workers. Work that is still waiting fails."""
        for slot in self._slots:
            slot.cancel()
        await asyncio.gather(*self._slots, return_exceptions=True)
        while self._turns:
            for job in self._turns.popleft():
                _settle(job, NoWorker())
        self._kill()
        atexit.unregister(self._kill)

    def submit(self, tasks: Sequence[Task], bulk: bool = False) -> list[asyncio.Future[bytes]]:
        """Accept one document or more as one request, all or none, and give the futures of their encoded answers.

        Raises NoWorker, and Overloaded when there is no room. The futures raise OutOfTime, NoWorker or Failed.
        """
        if not self.ready:
            raise NoWorker
        loop = asyncio.get_running_loop()
        jobs = deque(Job(task, bulk, loop.create_future()) for task in tasks)
        self.check_room(sum(job.cost for job in jobs), bulk)
        for job in jobs:
            self._account(job, job.cost)
            job.answer.add_done_callback(partial(self._release, job))
        self._turns.append(jobs)
        for _ in jobs:
            self._waiting.release()
        return [job.answer for job in jobs]

    async def submit_patiently(self, task: Task, patience: float) -> asyncio.Future[bytes]:
        """Accept a document of a batch as soon as there is room.

        Raises Overloaded when there is none for `patience` seconds, and what `submit` raises else.
        """
        deadline = time.monotonic() + patience
        while True:
            try:
                return self.submit([task], bulk=True)[0]
            except Overloaded:
                if time.monotonic() >= deadline:
                    raise
            self._freed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(deadline - time.monotonic()):
                    await self._freed.wait()

    def retry_after(self, cost: int) -> int:
        """Whole seconds until work of this cost is likely to find room."""
        excess = self.used + min(cost, self.limit) - self.limit
        rate = self._done / self._spent * max(1, len(self._workers))
        return min(LONGEST_RETRY, max(1, math.ceil(excess / rate)))

    def check_room(self, cost: int = 1, bulk: bool = False) -> None:
        """Raise Overloaded unless work of this cost fits, or nothing else of its sort is here."""
        half = self.limit // 2
        batches = min(self.used_by_batches, half)  # a batch larger than its half still leaves singles theirs
        singles = self.used - self.used_by_batches
        if bulk:
            fits = (self.used_by_batches == 0 or self.used_by_batches + cost <= half) and (
                singles + min(self.used_by_batches + cost, half) <= self.limit
            )
        else:
            fits = singles == 0 or singles + batches + cost <= self.limit
        if not fits:
            raise Overloaded(self.retry_after(cost))

    def _account(self, job: Job, cost: int) -> None:
        self.used += cost
        if job.bulk:
            self.used_by_batches += cost

    def _release(self, job: Job, _: asyncio.Future[bytes]) -> None:
        self._account(job, -job.cost)
        self._freed.set()

    async def _next(self) -> Job:
        """The next document of the request whose turn it is."""
        await self._waiting.acquire()
        jobs = self._turns.popleft()
        job = jobs.popleft()
        if jobs:
            self._turns.append(jobs)
        return job

    async def _drive(self, slot: int) -> None:
        """Feed one slot for ever, replacing its process when that ends."""
        while True:
            job = await self._next()
            if job.answer.done():  # its client has gone
                continue
            try:
                outcome = await self._outcome(slot, job)
            except asyncio.CancelledError:
                _settle(job, NoWorker())
                raise
            _settle(job, outcome)
            if isinstance(outcome, OutOfTime):
                await self._replace(slot)

    async def _outcome(self, slot: int, job: Job) -> bytes | ExtractionError:
        """Run one job, twice if its process dies."""
        for attempt in (1, 2):
            began = time.perf_counter()
            try:
                async with asyncio.timeout(self.timeout):
                    reply = await self._workers[slot].ask(job.task)
            except TimeoutError:
                log.warning("document out of time", characters=len(job.task.query.text))
                return OutOfTime()
            except (asyncio.IncompleteReadError, ConnectionError):
                log.error("worker died", characters=len(job.task.query.text), attempt=attempt)
                await self._replace(slot)
                continue
            self._done = FORGETTING * self._done + job.cost
            self._spent = FORGETTING * self._spent + time.perf_counter() - began
            return reply[1:] if reply[:1] == ANSWERED else Failed(reply[1:].decode())
        return Failed("the process died twice")

    async def _replace(self, slot: int) -> None:
        """Put a new process into a slot, however long that takes."""
        self._workers.pop(slot).kill()
        pause = FIRST_PAUSE
        while True:
            try:
                self._workers[slot] = await Worker.start(self._context, self._build)
            except (StartError, OSError) as error:
                log.error("worker does not start", reason=str(error), pause=pause)
                self._failing.add(slot)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                self._failing.discard(slot)
                self._on_restart()
                return

    def _kill(self) -> None:
        for worker in self._workers.values():
            worker.kill()
        self._workers.clear()


def _settle(job: Job, outcome: bytes | ExtractionError) -> None:
    """Give a job its outcome, unless its client has gone."""
    if job.answer.done():
        return
    if isinstance(outcome, bytes):
        job.answer.set_result(outcome)
    else:
        job.answer.set_exception(outcome)
