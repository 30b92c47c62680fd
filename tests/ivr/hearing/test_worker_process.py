"""The speech worker as a process, with the Russian model, over real sockets."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from uuid import uuid4

import pytest

from ivr.asterisk.audiosocket import Audio, encode
from ivr.hearing.messages import (
    Began,
    Close,
    Drain,
    Expect,
    Heard,
    Hello,
    Key,
    Load,
    Lost,
    Open,
    Opened,
    Refused,
)
from ivr.hearing.wire import line_of
from tests.ivr.hearing.worker_process import (
    QUESTION,
    ROOT,
    Caller,
    Controller,
    call,
    clip,
    line_noise,
    worker_process,
)


async def a_call(controller: Controller, *, keep_in: str = "") -> Caller:
    """An ear, opened, asked about the menu, with a little of the line in it."""
    ear = str(uuid4())
    assert controller.link.send(Open(ear, keep_in))
    assert controller.link.send(Expect(ear, 1, QUESTION))
    caller = await call(controller.ready.audio, ear)
    await caller.say(line_noise(0.2))
    await controller.first(Opened, ear)
    return caller


async def test_a_caller_is_heard_and_understood(tmp_path: Path):
    async with worker_process(tmp_path) as worker, worker.controller() as controller:
        assert controller.ready.pid == worker.process.pid
        assert controller.ready.languages["ru"].startswith("vosk-model")
        caller = await a_call(controller)
        await caller.say(clip("оператор"))
        began = await controller.first(Began, caller.ear)
        heard = await controller.first(Heard, caller.ear)
        assert (began.turn, heard.turn) == (1, 1)
        assert (heard.meaning.kind, heard.meaning.name) == ("command", "person")
        assert 0.1 < heard.speech < 2.0
        assert 0.0 < began.delay < 2.0
        assert 0.0 < heard.delay < 3.0
        # Nothing of what callers say is in the worker's own words.
        assert "оператор" not in worker.said.read_text("utf-8")


async def test_utterances_are_kept_where_the_site_asks_for_it_for_its_owner_only(tmp_path: Path):
    folder = tmp_path / "kept"
    async with worker_process(tmp_path) as worker, worker.controller() as controller:
        silent = await a_call(controller)
        await silent.say(clip("оператор"), pace=0.5)
        await controller.first(Heard, silent.ear)
        assert not folder.exists()
        caller = await a_call(controller, keep_in=str(folder))
        await caller.say(clip("оператор"), pace=0.5)
        await controller.first(Heard, caller.ear)
    (file,) = folder.iterdir()
    assert file.name == f"{caller.ear}-001.wav"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.stat().st_size > 8000


async def test_killed_mid_utterance_the_controller_knows_and_connects_to_the_next_one(tmp_path: Path):
    async with worker_process(tmp_path) as worker, worker.controller() as controller:
        caller = await a_call(controller)
        saying = asyncio.create_task(caller.say(clip("оператор")))
        await controller.first(Began, caller.ear)
        os.kill(worker.process.pid, signal.SIGKILL)
        await controller.until(lambda: controller.states == [True, False], seconds=5.0)
        assert controller.link.ready is None
        assert controller.link.load is None
        assert not controller.link.send(Open(str(uuid4())))
        saying.cancel()
        assert await caller.ended()


async def test_a_hung_worker_is_not_well_after_three_seconds(tmp_path: Path):
    async with worker_process(tmp_path) as worker, worker.controller() as controller:
        os.kill(worker.process.pid, signal.SIGSTOP)
        await controller.until(lambda: controller.states == [True, False], seconds=6.0)
        os.kill(worker.process.pid, signal.SIGCONT)
        await controller.until(lambda: controller.states == [True, False, True], seconds=15.0)


async def test_told_to_end_it_tells_every_ear_and_leaves_nothing(tmp_path: Path):
    async with worker_process(tmp_path) as worker, worker.controller() as controller:
        caller = await a_call(controller)
        worker.process.terminate()
        await controller.first(Lost, caller.ear)
        assert await caller.ended()
        assert await asyncio.wait_for(worker.process.wait(), 5) == 0
        assert not (tmp_path / "speech.sock").exists()


async def test_who_does_not_know_the_secret_is_shown_the_door(tmp_path: Path):
    async with worker_process(tmp_path, address="127.0.0.1:0") as worker:
        host, port = _address_said(worker.said)
        for first in (line_of(Hello("wrong")), line_of(Open(str(uuid4()))), b"GET / HTTP/1.1\r\n\r\n"):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(first)
            assert await asyncio.wait_for(reader.read(), 5) == b""
            writer.close()
        assert worker.token not in worker.said.read_text()
        command = Path(f"/proc/{worker.process.pid}/cmdline").read_bytes()
        assert worker.token.encode() not in command


async def test_garbage_instead_of_sound_ends_that_ear_only(tmp_path: Path):
    async with worker_process(tmp_path) as worker, worker.controller() as controller:
        bad, good = await a_call(controller), await a_call(controller)
        bad.writer.write(b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n")
        assert await bad.ended()
        await controller.first(Lost, bad.ear)
        await good.say(clip("оператор"), pace=0.5)
        assert (await controller.first(Heard, good.ear)).meaning.name == "person"


async def test_sound_of_another_rate_ends_that_ear_only(tmp_path: Path):
    async with worker_process(tmp_path) as worker, worker.controller() as controller:
        caller = await a_call(controller)
        caller.writer.write(encode(Audio(bytes(640), 16000)))
        await controller.first(Lost, caller.ear)
        assert await caller.ended()
        assert (await controller.load()).ears == 0


async def test_a_controller_that_never_reads_does_not_keep_the_others_waiting(tmp_path: Path):
    async with worker_process(tmp_path) as worker, worker.controller() as controller:
        _, rude = await asyncio.open_unix_connection(worker.address)
        rude.write(line_of(Hello(worker.token)))
        rude.write(line_of(Drain(on=False)) * 60_000)  # each is answered, and no answer read
        caller = await a_call(controller)
        await caller.say(clip("оператор"), pace=0.5)
        assert (await controller.first(Heard, caller.ear)).meaning.name == "person"
        async with asyncio.timeout(20):
            while "does not read and is cut off" not in worker.said.read_text():
                await asyncio.sleep(0.05)
        rude.close()
        assert controller.states == [True]


async def test_a_key_silences_the_ear_for_its_tone(tmp_path: Path):
    async with worker_process(tmp_path) as worker, worker.controller() as controller:
        caller = await a_call(controller)
        sound = clip("оператор")
        saying = asyncio.create_task(caller.say(sound))
        await controller.first(Began, caller.ear)
        controller.link.send(Key(caller.ear))
        controller.link.send(Expect(caller.ear, 2, None))
        await saying
        await controller.load()
        assert not [one for one in controller.heard if isinstance(one, Heard)]


async def test_a_worker_that_is_drained_keeps_its_ears_and_takes_no_more(tmp_path: Path):
    async with worker_process(tmp_path) as worker, worker.controller() as controller:
        caller = await a_call(controller)
        controller.link.send(Drain())
        late = str(uuid4())
        controller.link.send(Open(late))
        assert (await controller.first(Refused, late)).why == "draining"
        assert not (await controller.load()).accepting
        await caller.say(clip("оператор"), pace=0.5)
        assert (await controller.first(Heard, caller.ear)).meaning.name == "person"
        controller.link.send(Drain(on=False))
        again = await a_call(controller)
        controller.link.send(Close(again.ear))
        assert await again.ended()


async def test_a_full_worker_says_so_counts_it_and_goes_on(tmp_path: Path):
    async with worker_process(tmp_path, "--threads", "1") as worker, worker.controller() as controller:
        caller = await a_call(controller)
        ears = [str(uuid4()) for _ in range(200)]
        for ear in ears:
            controller.link.send(Open(ear))
        assert (await controller.first(Refused, ears[-1])).why == "full"
        load = await controller.load()
        assert not load.accepting
        assert 0 < load.refused < 200
        assert load.ears == 201 - load.refused
        await caller.say(clip("оператор"), pace=0.5)
        assert (await controller.first(Heard, caller.ear)).meaning.name == "person"
        for ear in ears:
            controller.link.send(Close(ear))
        await controller.until(lambda: _last_load(controller).accepting)


async def test_an_ear_whose_sound_never_comes_is_refused(tmp_path: Path):
    async with worker_process(tmp_path) as worker, worker.controller() as controller:
        ear = str(uuid4())
        controller.link.send(Open(ear))
        assert (await controller.first(Refused, ear)).why == "silent switch"
        assert (await controller.load()).ears == 0


async def test_a_controller_that_leaves_takes_its_ears_along_and_no_others(tmp_path: Path):
    async with worker_process(tmp_path) as worker, worker.controller() as staying:
        kept = await a_call(staying)
        async with worker.controller() as leaving:
            lost = await a_call(leaving)
        assert await lost.ended()
        assert (await staying.load()).ears == 1
        await kept.say(clip("оператор"), pace=0.5)
        assert (await staying.first(Heard, kept.ear)).meaning.name == "person"


async def test_an_ears_sound_that_ends_is_lost_to_its_controller(tmp_path: Path):
    async with worker_process(tmp_path) as worker, worker.controller() as controller:
        caller = await a_call(controller)
        caller.writer.close()
        await controller.first(Lost, caller.ear)
        assert (await controller.load()).ears == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--model", "ru=no-such-model"], "callers are not listened to"),
        (["--audio", "nonsense"], "is no host:port"),
    ],
)
async def test_what_another_start_would_not_mend_is_one_sentence_and_a_code(
    tmp_path: Path, options, sentence
):
    code, said = await _start(tmp_path, options, {"HOTLINE_SPEECH_TOKEN": "0123456789abcdef"})
    assert code == os.EX_CONFIG
    assert sentence in said
    assert "Traceback" not in said


async def test_without_a_secret_it_does_not_begin(tmp_path: Path):
    code, said = await _start(tmp_path, [], {})
    assert code == os.EX_CONFIG
    assert "secret is missing" in said


async def test_a_broken_model_is_one_warning_and_the_other_language_goes_on(tmp_path: Path):
    broken = tmp_path / "vosk-model-small-en-us-0.15"
    broken.mkdir()
    both = ["--model", f"en={broken}", "--model", "ru=vosk-model-tiny-ru-8k"]
    async with worker_process(tmp_path, *both) as worker, worker.controller() as controller:
        assert set(controller.ready.languages) == {"ru"}
        assert worker.said.read_text().count("a language goes on by key only") == 1


async def _start(folder: Path, options: list[str], environment: dict[str, str]) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *(str(ROOT / "var/python/bin/python"), "-m", "ivr.speech_worker"),
        *("--listen", str(folder / "speech.sock"), "--with-parent", *options),
        cwd=ROOT,
        env={"PATH": os.defpath, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 40)
    return process.returncode or 0, said.decode()


def _address_said(said: Path) -> tuple[str, int]:
    word = next(word for word in said.read_text().split() if word.startswith("address="))
    host, _, port = word.removeprefix("address=").rpartition(":")
    return host, int(port)


def _last_load(controller: Controller) -> Load:
    return [one for one in controller.heard if isinstance(one, Load)][-1]
