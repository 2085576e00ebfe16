"""The queue's arithmetic and turns, and what becomes of processes that end."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from service.errors import ExtractionError, Failed, NoWorker, Overloaded
from service.executor import Executor, StartError
from service.worker import Build, Task
from tests.api.doubles import build_fatally, build_nothing, build_obedient, build_where_all_is_loaded
from tests.test_worker import query


def task(text: str) -> Task:
    """A task whose cost is the text's length."""
    return Task(query(text), "json")


def run(
    use: Callable[[Executor], Awaitable[None]],
    *,
    workers: int = 1,
    limit: int = 100,
    timeout: float = 5,
    build: Build = build_obedient,
) -> list[str]:
    """Use an executor with its workers up; the restarts that it counted."""
    restarts: list[str] = []

    async def main() -> None:
        executor = Executor(
            workers=workers, limit=limit, timeout=timeout, build=build, on_restart=lambda: restarts.append("one")
        )
        await executor.start()
        try:
            await use(executor)
        finally:
            await executor.close()
        await asyncio.sleep(0)
        assert 0 == executor.used == executor.used_by_batches

    asyncio.run(main())
    return restarts


def test_room_is_by_cost() -> None:
    """Up to the limit; a document larger than the queue is admitted when there is nothing else of its sort."""

    async def use(executor: Executor) -> None:
        whole = executor.submit([task("x" * 100)])
        with pytest.raises(Overloaded) as full:
            executor.submit([task("x")])
        assert 1 <= full.value.retry_after <= 120
        await asyncio.gather(*whole)
        await asyncio.gather(*executor.submit([task("x" * 60)]), *executor.submit([task("x" * 40)]))
        await asyncio.gather(*executor.submit([task("x" * 1000)]))

    assert [] == run(use)


def test_batches_fill_half_of_the_queue() -> None:
    """Singles find room beside the largest batch, and batches beside singles up to the limit."""

    async def use(executor: Executor) -> None:
        batch = executor.submit([task("x" * 100)] * 10, bulk=True)
        with pytest.raises(Overloaded):
            executor.submit([task("x")], bulk=True)
        singles = executor.submit([task("x" * 30)]) + executor.submit([task("x" * 20)])
        with pytest.raises(Overloaded):
            executor.submit([task("x")])
        await asyncio.gather(*batch, *singles)
        singles = executor.submit([task("x" * 60)])
        with pytest.raises(Overloaded):
            executor.submit([task("x" * 41)], bulk=True)
        batch = executor.submit([task("x" * 40)], bulk=True)
        with pytest.raises(Overloaded):
            executor.submit([task("x" * 11)], bulk=True)
        await asyncio.gather(*batch, *singles)

    run(use)


def test_requests_take_turns() -> None:
    """One document each."""
    order: list[str] = []

    def note(label: str, _: object) -> None:
        order.append(label)

    async def use(executor: Executor) -> None:
        futures = []
        for name, size in (("a", 3), ("b", 1), ("c", 2)):
            for number, future in enumerate(executor.submit([task("x")] * size), start=1):
                future.add_done_callback(partial(note, f"{name}{number}"))
                futures.append(future)
        await asyncio.gather(*futures)

    run(use)
    assert ["a1", "b1", "c1", "a2", "c2", "a3"] == order


def test_cancelled_work_is_skipped() -> None:
    """And its cost given back at once."""

    async def use(executor: Executor) -> None:
        first, second, third = executor.submit([task("sleep 0.1"), task("die"), task("x")])
        second.cancel()
        await asyncio.sleep(0)
        assert len("sleep 0.1") + 1 == executor.used
        await asyncio.gather(first, third)

    assert [] == run(use)


def test_document_whose_process_died_is_tried_once_more(tmp_path: Path) -> None:
    """It is not to blame if something else killed the process."""

    async def use(executor: Executor) -> None:
        assert await asyncio.gather(*executor.submit([task(f"die-once {tmp_path / 'died'}")]))

    assert ["one"] == run(use)


def test_one_death_leaves_the_other_workers_at_work() -> None:
    """Only its own slot is built anew, and new work is taken all the while."""

    async def use(executor: Executor) -> None:
        outcomes = asyncio.gather(*executor.submit([task("die"), *[task("x")] * 20]), return_exceptions=True)
        while not outcomes.done():
            await asyncio.sleep(0.01)
            assert executor.ready
            assert executor.up
        assert [Failed] + 20 * [bytes] == [type(outcome) for outcome in await outcomes]

    assert ["one", "one"] == run(use, workers=2)


def test_patience_ends() -> None:
    """With room in time the document is accepted; without, it is not."""

    async def use(executor: Executor) -> None:
        waiting = executor.submit([task("sleep 0.1"), *[task("x" * 50)] * 2], bulk=True)
        with pytest.raises(Overloaded):
            await executor.submit_patiently(task("x"), 0.01)
        assert await (await executor.submit_patiently(task("x"), 5))
        await asyncio.gather(*waiting)

    run(use)


def test_work_that_waits_when_the_service_ends_fails() -> None:
    """Running or not: nobody waits for ever."""
    futures: list[asyncio.Future[bytes]] = []

    async def use(executor: Executor) -> None:
        futures.extend(executor.submit([task("sleep 3"), task("x")]))
        await asyncio.sleep(0.05)

    run(use)
    for future in futures:
        assert isinstance(future.exception(), NoWorker)


def test_workers_are_copies_of_a_process_that_has_imported_all() -> None:
    """They look for garbage only once they have loaded."""

    async def use(executor: Executor) -> None:
        assert await asyncio.gather(*executor.submit([task("x")]))

    assert [] == run(use, build=build_where_all_is_loaded)


def test_pipeline_that_cannot_load_stops_the_start() -> None:
    """With the reason."""

    async def use(executor: Executor) -> None:
        raise AssertionError("it started")

    with pytest.raises(StartError, match=r"months\.toml: no such file"):
        run(use, build=build_nothing)
    with pytest.raises(StartError, match="ended while it loaded"):
        run(use, build=build_fatally, workers=2)


def test_worker_that_does_not_start_again_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Meanwhile the service has no worker, and says so."""
    monkeypatch.setattr("service.executor.FIRST_PAUSE", 0.01)

    async def use(executor: Executor) -> None:
        build, executor._build = executor._build, build_nothing
        with pytest.raises(ExtractionError):
            await asyncio.gather(*executor.submit([task("sleep 5")]))
        while executor.ready:
            await asyncio.sleep(0.01)
        with pytest.raises(NoWorker):
            executor.submit([task("x")])
        await asyncio.sleep(0.05)
        executor._build = build
        while not executor.ready:
            await asyncio.sleep(0.01)
        assert await asyncio.gather(*executor.submit([task("x")]))

    assert ["one"] == run(use, timeout=0.1)
