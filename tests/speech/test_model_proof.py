"""A model is tried where it can do no harm, once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from speech.recognition.model_proof import prove
from speech.recognizer import ModelUnusable
from tests.speech.model_copies import SOURCE, cut, flip, model_copy


def test_a_model_that_works_is_tried_once(tmp_path: Path):
    prove(SOURCE, tmp_path / "kept")
    prove(SOURCE, tmp_path / "kept", seconds=0)  # no time for a second process


def test_a_model_that_changed_is_tried_again(tmp_path: Path):
    model = model_copy(tmp_path)
    prove(model, tmp_path)
    cut(model / "graph/HCLr.fst", 0.5)
    with pytest.raises(ModelUnusable):
        prove(model, tmp_path)


def test_a_model_that_kills_the_process_that_loads_it_is_found_and_kills_nobody(tmp_path: Path):
    """Half a graph: Vosk writes a warning and then steps on memory that is not there."""
    model = model_copy(tmp_path)
    cut(model / "graph/HCLr.fst", 0.5)
    loads = (
        "from speech.recognition.vosk_recognizer import *; "
        f"VoskRecognizer(Path({str(model)!r}), 'ru').utterance(['да'])"
    )
    assert subprocess.run([sys.executable, "-c", loads], capture_output=True, check=False).returncode < 0
    for _ in range(2):  # a failure is not remembered: he may have mended it
        with pytest.raises(ModelUnusable, match=f"{model} cannot be used: Vosk broke down over it"):
            prove(model, tmp_path)


def test_a_model_that_vosk_refuses_is_found(tmp_path: Path):
    model = model_copy(tmp_path)
    cut(model / "graph/Gr.fst", 0.999)
    with pytest.raises(ModelUnusable, match="Vosk cannot load it"):
        prove(model, tmp_path)


def test_a_model_whose_parts_do_not_fit_each_other_is_found(tmp_path: Path):
    model = model_copy(tmp_path)
    conf = model / "conf/mfcc.conf"
    conf.write_text(conf.read_text().replace("=40", "=80"))
    with pytest.raises(ModelUnusable, match="Vosk says failed to create a recognizer"):
        prove(model, tmp_path)


def test_damage_that_vosk_does_not_notice_is_found_by_the_sums(tmp_path: Path):
    model = model_copy(tmp_path, sums=True)
    flip(model / "am/final.mdl")
    with pytest.raises(ModelUnusable, match=r"am/final\.mdl is not what it was"):
        prove(model, tmp_path)


def test_a_model_that_takes_too_long_is_given_up(tmp_path: Path):
    with pytest.raises(ModelUnusable, match="not loaded within"):
        prove(SOURCE, tmp_path, seconds=0.05)


@pytest.mark.parametrize("spoilt", ["", "[]", "{", '{"stamp": 1}'])
def test_a_spoilt_result_is_no_proof(tmp_path: Path, spoilt: str):
    (tmp_path / f"{SOURCE.name}.proof.json").write_text(spoilt)
    with pytest.raises(ModelUnusable, match="not loaded within"):
        prove(SOURCE, tmp_path, seconds=0.05)


def test_a_place_that_cannot_be_written_to_costs_nothing_but_time(tmp_path: Path):
    (tmp_path / "file").touch()
    prove(SOURCE, tmp_path / "file" / "below")
