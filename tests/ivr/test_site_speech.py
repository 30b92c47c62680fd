"""The site file's part about callers who speak."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.config import read_site
from ivr.hearing.worker_settings import SECRET
from ivr.instance import Instance
from ivr.restart_needed import restart_needed
from ivr.settings import Settings, SpeechSettings
from ivr.site import Site
from ivr.speech_plan import NoSpeechSecret, speech_secret, speech_settings
from tests.ivr.small_site import SITE


def site_with(folder: Path, speech: str) -> Site:
    path = folder / "site.yaml"
    path.write_text(f"{SITE}speech: {speech}\n", encoding="utf-8")
    reading = read_site(path)
    assert reading.site is not None, reading.findings
    return reading.site


def settings_with(folder: Path, speech: str) -> SpeechSettings:
    return speech_settings(site_with(folder, speech), Instance(folder / "instance"), proofs=None)


def test_callers_are_listened_to_in_the_language_whose_model_ships_unless_the_site_says_otherwise(
    tmp_path: Path,
):
    speech = settings_with(tmp_path, "{}")
    assert (speech.on, speech.own, list(speech.models), speech.missing) == (True, True, ["ru"], ())
    assert speech.workers == (str(tmp_path / "instance" / "speech.sock"),)
    assert speech.keep_in == ""


def test_switched_off_there_is_neither_worker_nor_model(tmp_path: Path):
    assert settings_with(tmp_path, "{on: false}") == SpeechSettings()


@pytest.mark.parametrize("model", ["vosk-model-that-is-not-there", "models/mine"])
def test_a_missing_model_is_one_sentence_and_keys_never_an_error(tmp_path: Path, model: str):
    speech = settings_with(tmp_path, f"{{models: {{ru: {model}}}}}")
    assert (speech.own, speech.workers, speech.models) == (False, (), {})
    [fault] = speech.missing
    assert fault.startswith("callers who speak ru are served by key only: ")


def test_a_broken_model_is_found_before_it_could_take_the_worker_with_it(tmp_path: Path):
    broken = tmp_path / "vosk-model-broken-ru"
    (broken / "am").mkdir(parents=True)
    (broken / "am" / "final.mdl").write_bytes(b"no model")
    site = site_with(tmp_path, f"{{models: {{ru: {broken}}}}}")
    speech = speech_settings(site, Instance(tmp_path / "instance"), proofs=tmp_path / "proofs")
    assert speech.models == {}
    assert len(speech.missing) == 1


def test_workers_on_other_hosts_stand_in_for_our_own(tmp_path: Path):
    speech = settings_with(tmp_path, '{workers: ["speech1.example.org:7000", "[::1]:7001"]}')
    assert speech.workers == ("speech1.example.org:7000", "[::1]:7001")
    assert not speech.own


@pytest.mark.parametrize("address", ["speech1", "host:0", "host:99999", "a b:1", "host:1/x", "host,1:1"])
def test_what_is_no_workers_address_is_refused(tmp_path: Path, address: str):
    path = tmp_path / "site.yaml"
    path.write_text(f'{SITE}speech: {{workers: ["{address}"]}}\n', encoding="utf-8")
    assert "is not a speech worker's address" in str(read_site(path).findings[0])


def test_utterances_are_kept_only_in_a_folder_that_is_named_beside_the_site_file(tmp_path: Path):
    assert settings_with(tmp_path, "{keep_utterances: said}").keep_in == str(tmp_path / "said")
    assert settings_with(tmp_path, "{keep_utterances: false}").keep_in == ""


def test_the_secret_is_the_instances_own_or_one_in_a_file_and_never_short(tmp_path: Path):
    instance = Instance(tmp_path / "instance")
    instance.create()
    own = speech_secret(SpeechSettings(), instance)
    assert own == instance.secrets_for([SECRET])[SECRET]
    (tmp_path / "secret").write_text("twenty-letters-at-least\n")
    given = SpeechSettings(secret_file=str(tmp_path / "secret"))
    assert speech_secret(given, instance) == "twenty-letters-at-least"
    (tmp_path / "secret").write_text("short\n")
    with pytest.raises(NoSpeechSecret, match="16"):
        speech_secret(given, instance)
    with pytest.raises(NoSpeechSecret, match="cannot be read"):
        speech_secret(SpeechSettings(secret_file=str(tmp_path / "nothing")), instance)


def test_settings_are_read_as_they_were_written_and_old_ones_have_no_speech(tmp_path: Path):
    instance = Instance(tmp_path / "instance")
    instance.create()
    speech = settings_with(tmp_path, "{threads: 2}")
    written = Settings(
        tmp_path / "site.yaml", "127.0.0.1", 5060, 1, 2, 3, "sqlite:///a", "sqlite:///b", speech
    )
    written.write(instance)
    assert Settings.read(instance) == written
    known = instance.read_settings()
    del known["speech"]
    instance.write_settings(known)
    assert Settings.read(instance).speech == SpeechSettings()


def test_what_a_reload_cannot_put_into_force_is_named(tmp_path: Path):
    before = site_with(tmp_path, "{}")
    assert restart_needed(before, site_with(tmp_path, "{}")) == []
    [speech] = restart_needed(before, site_with(tmp_path, "{on: false}"))
    assert speech.startswith("speech changed")
    (tmp_path / "site.yaml").write_text(SITE.replace("port: 5060", "port: 5070"), encoding="utf-8")
    moved = read_site(tmp_path / "site.yaml").site
    assert moved is not None
    assert [remark.split(" changed")[0] for remark in restart_needed(before, moved)] == [
        "the address and the ports of SIP"
    ]
