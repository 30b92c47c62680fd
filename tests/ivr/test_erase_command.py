"""`./hotline erase`: what is personal goes, what is not ours to erase is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from acd.adapters.sql_journal import SqlJournal
from acd.records.people import People
from acd.records.pseudonyms import Pseudonyms, load_secret
from acd.records.reading import Records
from acd.records.steps import CallEnded, CallStarted
from ivr.erase_command import NothingToErase, erase, run_erase
from ivr.instance import Instance
from ivr.settings import Settings, SpeechSettings
from tests.contracts.call_entries import NOON, at

HIS, HERS = "+79161234567", "+79031112233"


@pytest.fixture
async def instance(tmp_path: Path) -> Instance:
    """He called twice, she once; what they said is kept."""
    instance = Instance(tmp_path / "home")
    instance.create()
    people = await People.open(_url(tmp_path, "people"), Pseudonyms(load_secret(instance.pseudonyms)))
    journal = await SqlJournal.open(_url(tmp_path, "journal"))
    for n, number in enumerate((HIS, HIS, HERS)):
        call, start = f"1763832642.{n}", 100.0 * n
        began = CallStarted("1000", await people.remember(number, NOON), "PJSIP/caller1-1", "ru", "menu-1")
        await journal.append([at(start, began, call), at(start + 9, CallEnded("caller", "normal"), call)])
        folder = tmp_path / "kept" / call
        folder.mkdir(parents=True)
        (folder / "ear-001.wav").write_bytes(b"RIFF")
        (folder / "ear-002.wav").write_bytes(b"RIFF")
    await journal.close()
    await people.close()
    _settings(tmp_path, SpeechSettings(on=True, own=True, keep_in=str(tmp_path / "kept"))).write(instance)
    return instance


def _url(folder: Path, name: str) -> str:
    return f"sqlite:///{folder / name}.sqlite"


def _settings(folder: Path, speech: SpeechSettings) -> Settings:
    databases = _url(folder, "journal"), _url(folder, "people")
    return Settings(folder / "site.yaml", "127.0.0.1", 5060, 5038, 10000, 10010, *databases, speech)


def kept(instance: Instance) -> list[str]:
    return sorted(one.name for one in (instance.home.parent / "kept").iterdir())


async def known(instance: Instance, number: str) -> bool:
    pseudonyms = Pseudonyms(load_secret(instance.pseudonyms))
    people = await People.open(_url(instance.home.parent, "people"), pseudonyms)
    try:
        return await people.number_of(pseudonyms.of(number) or "") is not None
    finally:
        await people.close()


async def test_of_a_caller_his_number_and_what_he_said_in_all_his_calls_is_erased(instance: Instance):
    said = await erase(instance, None, "8 (916) 123-45-67")
    assert kept(instance) == ["1763832642.2"]
    assert not await known(instance, HIS)
    assert await known(instance, HERS)
    assert "4 recordings" in said[1]
    assert "story of 2 calls" in said[-1]
    assert HIS not in str(said)


async def test_a_caller_may_be_named_by_his_pseudonym(instance: Instance):
    pseudonym = Pseudonyms(load_secret(instance.pseudonyms)).of(HERS)
    await erase(instance, None, pseudonym)
    assert not await known(instance, HERS)
    assert kept(instance) == ["1763832642.0", "1763832642.1"]


async def test_of_a_call_its_recordings_and_its_callers_number_are_erased_and_its_story_stays(
    instance: Instance,
):
    said = await erase(instance, "1763832642.0", None)
    assert kept(instance) == ["1763832642.1", "1763832642.2"]
    assert not await known(instance, HIS)
    assert "2 recordings" in said[1]
    records = await Records.open(_url(instance.home.parent, "journal"))
    assert len(await records.calls()) == 3
    await records.close()


async def test_erased_twice_there_is_nothing_left_to_erase_and_that_is_no_failure(instance: Instance):
    await erase(instance, None, HIS)
    said = await erase(instance, None, HIS)
    assert said[0] == "no number was kept"
    assert "0 recordings" in said[1]


async def test_a_call_that_goes_on_is_not_touched(instance: Instance):
    journal = await SqlJournal.open(_url(instance.home.parent, "journal"))
    pseudonym = Pseudonyms(load_secret(instance.pseudonyms)).of(HIS)
    await journal.append([at(500, CallStarted("1000", pseudonym), "1763832642.9")])
    await journal.close()
    with pytest.raises(NothingToErase, match="has no end yet"):
        await erase(instance, None, HIS)
    assert await known(instance, HIS)
    assert len(kept(instance)) == 3


async def test_what_lies_on_other_machines_is_named(instance: Instance):
    elsewhere = SpeechSettings(
        on=True, workers=("10.0.0.2:7000",), keep_in=str(instance.home.parent / "kept")
    )
    _settings(instance.home.parent, elsewhere).write(instance)
    said = await erase(instance, "1763832642.2", None)
    assert "10.0.0.2:7000" in said[2]
    assert "1763832642.2" in said[2]


@pytest.mark.parametrize(
    ("call", "caller", "why"),
    [
        ("1763832642", None, "begins several calls"),
        ("nobody", None, "there is no call"),
        (None, "+79990000000", "nothing is known"),
        (None, "anonymous", "nothing is known"),
        (None, "p-aaaa", "nothing is known"),
    ],
)
async def test_whom_nobody_knows_nothing_is_erased_of(instance: Instance, call, caller, why: str):
    with pytest.raises(NothingToErase, match=why):
        await erase(instance, call, caller)
    assert len(kept(instance)) == 3


def test_either_a_call_or_a_caller_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    instance = Instance(tmp_path)
    _settings(tmp_path, SpeechSettings()).write(instance)
    monkeypatch.setattr(Instance, "named", lambda name: instance)
    assert run_erase("hotline", None, None) == run_erase("hotline", "1", "2") == 1
    assert capsys.readouterr().err.count("name one call, or one caller") == 2
