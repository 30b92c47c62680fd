"""Which worker listens to whom, and what becomes of their ears."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from ivr.hearing.ear import Began, EarGone, Heard, News, SoundArrives
from ivr.hearing.messages import Drain, Expect, Open
from ivr.hearing.pool import WorkerPool
from ivr.hearing.scripted_worker import Workers
from speech.expectation import Expectation, Meaning

A, B = "10.0.0.1:7000", "10.0.0.2:7001"
MENU = Expectation("menu", "ru", {"medical": ("врач",)})
DOCTOR = Meaning("choice", "medical", 0.9, heard="врач")


@pytest.fixture
def workers() -> Iterator[Workers]:
    workers = Workers()
    yield workers
    assert workers.rude == []


@pytest.fixture
def pool(workers: Workers) -> WorkerPool:
    return WorkerPool((A, B), workers)


@pytest.fixture
def news() -> list[News]:
    return []


def test_nobody_is_listened_to_before_a_worker_is_there(pool: WorkerPool, workers: Workers, news):
    assert pool.open("1.1", "ru", news.append) is None
    assert not pool.hears("ru")
    workers[A].comes("ru")
    assert pool.hears("ru")
    assert pool.open("1.1", "ru", news.append) is not None


def test_a_caller_gets_a_worker_that_knows_his_language(pool: WorkerPool, workers: Workers, news):
    workers[A].comes("en")
    workers[B].comes("ru", "en")
    ear = pool.open("1.1", "ru", news.append)
    assert ear is not None
    assert (ear.worker, ear.audio, ear.languages) == (B, "127.0.0.1:7001", {"ru", "en"})
    assert pool.open("1.1", "de", news.append) is None


def test_the_least_busy_worker_gets_the_next_caller(pool: WorkerPool, workers: Workers, news):
    workers[A].comes("ru", busy=0.6)
    workers[B].comes("ru", busy=0.2)
    assert [pool.open("1.1", "ru", news.append).worker for _ in range(3)] == [B, B, B]  # type: ignore[union-attr]


def test_a_rush_of_callers_is_spread_before_the_workers_have_said_how_busy_they_are(pool, workers, news):
    workers[A].comes("ru")
    workers[B].comes("ru")
    given = [pool.open("1.1", "ru", news.append).worker for _ in range(40)]
    assert given.count(A) == given.count(B) == 20


def test_a_worker_that_takes_no_more_gets_no_more(pool: WorkerPool, workers: Workers, news):
    workers[A].comes("ru", accepting=False)
    assert pool.open("1.1", "ru", news.append) is None
    workers[A].loaded(accepting=True)
    assert pool.open("1.1", "ru", news.append) is not None


def test_a_drained_worker_keeps_its_callers_and_gets_no_more_even_when_it_comes_back(pool, workers, news):
    workers[A].comes("ru")
    ear = pool.open("1.1", "ru", news.append)
    assert pool.drain(A)
    assert pool.open("1.1", "ru", news.append) is None
    assert ear.alive
    workers[A].dies()
    workers[A].comes("ru")
    assert workers[A].said[-1] == Drain(True)
    assert pool.open("1.1", "ru", news.append) is None
    assert pool.drain(A, on=False)
    assert pool.open("1.1", "ru", news.append) is not None
    assert not pool.drain("10.9.9.9:1")


def test_what_a_caller_says_reaches_his_own_call_only(pool: WorkerPool, workers: Workers):
    workers[A].comes("ru")
    first: list[News] = []
    second: list[News] = []
    ears = [pool.open("1.1", "ru", taker.append) for taker in (first, second)]
    for ear in ears:
        ear.expect(MENU, playing=True)  # type: ignore[union-attr]
    workers[A].opened(ears[0].id)  # type: ignore[union-attr]
    workers[A].began(ears[1].id)  # type: ignore[union-attr]
    workers[A].heard(ears[1].id, DOCTOR)  # type: ignore[union-attr]
    assert first == [SoundArrives(ears[0].id)]  # type: ignore[union-attr]
    assert second == [Began(ears[1].id, 0.1), Heard(ears[1].id, DOCTOR, 1.0, 0.3)]  # type: ignore[union-attr]
    assert pool.figures()["ears"] == 2


def test_what_is_said_to_an_earlier_question_is_void(pool: WorkerPool, workers: Workers, news):
    workers[A].comes("ru")
    ear = pool.open("1.1", "ru", news.append)
    assert ear is not None
    ear.expect(MENU, playing=True)
    ear.expect(MENU, playing=True)
    workers[A].began(ear.id, turn=1)
    workers[A].heard(ear.id, DOCTOR, turn=1)
    assert news == []


def test_a_question_in_a_language_without_a_model_expects_nothing(pool: WorkerPool, workers: Workers, news):
    workers[A].comes("ru")
    ear = pool.open("1.1", "ru", news.append)
    assert ear is not None
    ear.expect(Expectation("menu", "en", {"medical": ("doctor",)}), playing=False)
    assert workers[A].expected is None


def test_when_a_worker_dies_every_call_it_heard_is_told_once_and_the_ears_are_no_more(pool, workers, news):
    workers[A].comes("ru")
    ears = [pool.open("1.1", "ru", news.append) for _ in range(3)]
    workers[A].dies()
    assert news == [EarGone(ear.id, "worker gone") for ear in ears]
    for ear in ears:
        ear.expect(MENU, playing=False)
        ear.close()
    assert len(news) == 3
    assert pool.figures()["ears"] == 0


def test_a_refused_caller_can_be_given_to_another_worker(pool: WorkerPool, workers: Workers, news):
    workers[A].comes("ru")
    workers[B].comes("ru", busy=0.5)
    ear = pool.open("1.1", "ru", news.append)
    assert ear is not None
    workers[A].refuses(ear.id)
    assert news == [EarGone(ear.id, "full")]
    other = pool.open("1.1", "ru", news.append, avoid=[ear.worker])
    assert other is not None
    assert other.worker == B
    assert pool.open("1.1", "ru", news.append, avoid=[A, B]) is None


def test_callers_with_keys_only_are_counted_by_their_reason(pool: WorkerPool, workers: Workers):
    pool.count_keys_only("ru")
    workers[A].comes("ru", accepting=False)
    pool.count_keys_only("ru")
    pool.count_keys_only("ru")
    assert (pool.figures()["full"], pool.figures()["away"]) == (2, 1)


def test_utterances_are_kept_only_where_the_site_says(workers: Workers, news):
    for keep_in in ("", "/srv/utterances"):
        pool = WorkerPool((A,), workers, keep_in=keep_in)
        workers[A].comes("ru")
        ear = pool.open("1.1", "ru", news.append)
        assert ear is not None
        assert workers[A].said == [Open(ear.id, keep_in and f"{keep_in}/1.1")]


def test_figures_have_nothing_of_what_was_said(pool: WorkerPool, workers: Workers, news):
    workers[A].comes("ru")
    ear = pool.open("1.1", "ru", news.append)
    assert ear is not None
    ear.expect(MENU, playing=False)
    workers[A].began(ear.id)
    assert pool.figures()["speaking"] == 1
    workers[A].heard(ear.id, DOCTOR)
    assert pool.figures()["speaking"] == 0
    assert "врач" not in str(pool.figures())
    assert any(isinstance(one, Expect) for one in workers[A].said)


async def test_a_new_controller_can_wait_for_the_workers_there_are(pool: WorkerPool, workers: Workers):
    waiting = asyncio.create_task(pool.all_there(within=5.0))
    workers[A].comes("ru")
    await asyncio.sleep(0)
    assert not waiting.done()
    workers[B].comes("ru")
    assert await waiting
    workers[B].dies()
    assert not await pool.all_there(within=0.01)
