"""`./hotline speech drain`: which worker is meant."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ivr.control_socket import ControlServer
from ivr.instance import Instance
from ivr.settings import Settings, SpeechSettings
from ivr.up_command import run_drain

FIGURES = {"on": True, "missing": [], "workers": [], "ears": 0, "speaking": 0, "full": 0, "away": 0}
ONE, TWO = "10.0.0.2:7000", "10.0.0.3:7000"


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Instance:
    instance = Instance(tmp_path)
    monkeypatch.setattr(Instance, "named", lambda name: instance)
    return instance


def with_workers(instance: Instance, *workers: str) -> None:
    speech = SpeechSettings(on=True, workers=workers)
    Settings(Path("site.yaml"), "127.0.0.1", 5060, 5038, 10000, 10010, "", "", speech).write(instance)


def test_of_several_workers_one_has_to_be_named(instance: Instance, capsys: pytest.CaptureFixture[str]):
    with_workers(instance, ONE, TWO)
    assert run_drain("hotline", None) == 1
    assert f"which speech worker: {ONE}, {TWO}?" in capsys.readouterr().err


@pytest.mark.parametrize("named", [None, ONE])
async def test_the_only_worker_needs_no_name_and_is_let_back_with_off(instance: Instance, named: str | None):
    with_workers(instance, ONE)
    wishes = []

    async def drain(wish):
        wishes.append((wish["worker"], wish["on"]))
        return {"speech": FIGURES}

    server = ControlServer(instance.socket, {"drain": drain})
    await server.start()
    try:
        assert await asyncio.to_thread(run_drain, "hotline", named) == 0
        assert await asyncio.to_thread(run_drain, "hotline", named, on=False) == 0
    finally:
        await server.close()
    assert wishes == [(ONE, True), (ONE, False)]
