"""`./hotline models`: what a person sees."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ivr.models_command import run_add, run_models, run_remove
from speech.recognition.models import SHIPPED, default_models
from tests.speech.model_copies import cut, model_copy


@pytest.fixture(scope="module")
def proofs(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("proofs")


def test_the_model_that_ships_is_usable_and_used(tmp_path: Path, proofs: Path, capsys):
    assert run_models(False, None, tmp_path, proofs) == 0
    head, row = capsys.readouterr().out.splitlines()
    assert head.split()[:2] == ["model", "language"]
    assert row.split() == [
        default_models()["ru"],
        "ru",
        "18",
        "MB",
        "8",
        "kHz",
        "usable",
        "ru",
        "speech/models",
    ]


def test_a_broken_model_that_is_used_fails_and_says_why(tmp_path: Path, proofs: Path, capsys):
    broken = model_copy(tmp_path, "vosk-model-en-us-1")
    cut(broken / "am/final.mdl", 0.5)
    assert run_models(True, None, tmp_path, proofs) == 1
    shown = json.loads(capsys.readouterr().out)
    assert shown["ok"] is False
    english, russian = shown["models"]
    assert "am/final.mdl is cut off" in english["trouble"]
    assert (english["used_for"], russian["used_for"]) == ("en", "ru")
    assert russian["path"] == str(SHIPPED / default_models()["ru"])
    run_models(False, None, tmp_path, proofs)
    assert f"{broken} cannot be used: am/final.mdl is cut off" in capsys.readouterr().out


def test_installing_and_removing_say_what_is_so_now(tmp_path: Path, proofs: Path, capsys):
    model = model_copy(tmp_path / "from", "vosk-model-small-ru-9.9")
    installed = tmp_path / "models"
    assert run_add(str(model), "", installed, proofs) == 0
    assert "is installed; not used unless the site file names it" in capsys.readouterr().out
    assert run_remove(model.name, installed, proofs) == 0
    assert capsys.readouterr().out == f"hotline: {model.name} is removed\n"
    assert run_remove(model.name, installed, proofs) == 1
    assert capsys.readouterr().err.startswith(f'hotline: "{model.name}" is not installed: ')
