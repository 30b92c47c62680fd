"""A model's folder looked over: what it is, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from speech.recognition.model_folder import (
    NOTE,
    check_sums,
    language_of,
    read_model_folder,
    stamp_of,
    write_sums,
)
from speech.recognizer import ModelUnusable
from tests.speech.model_copies import SOURCE, cut, flip, model_copy

LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n"


def test_the_model_that_ships_is_whole_and_what_its_card_says():
    model = read_model_folder(SOURCE)
    assert (model.name, model.language) == ("vosk-model-tiny-ru-8k", "ru")
    assert (model.made_for, model.fed, model.grammars) == (8000, 8000, True)
    assert model.bytes == sum(file.stat().st_size for file in SOURCE.rglob("*") if file.is_file())
    check_sums(SOURCE)


@pytest.mark.parametrize(
    "name",
    [
        "am/final.mdl",
        "conf/mfcc.conf",
        "conf/model.conf",
        "graph/HCLr.fst",
        "graph/Gr.fst",
        "graph/disambig_tid.int",
        "graph/phones/word_boundary.int",
    ],
)
def test_a_file_that_is_missing_empty_or_only_a_pointer_is_named(tmp_path: Path, name: str):
    model = model_copy(tmp_path)
    for text, words in ((LFS, "git lfs pull"), ("", "is empty"), (None, "is missing")):
        (model / name).unlink() if text is None else (model / name).write_text(text)
        with pytest.raises(ModelUnusable) as found:
            read_model_folder(model)
        assert f"{model} cannot be used: {name}" in str(found.value)
        assert words in str(found.value)
        assert "./hotline models" in str(found.value)


@pytest.mark.parametrize("name", ["am/final.mdl", "graph/Gr.fst"])
@pytest.mark.parametrize("share", [0.00001, 0.5])
def test_a_file_that_is_cut_off_is_named(tmp_path: Path, name: str, share: float):
    model = model_copy(tmp_path)
    cut(model / name, share)
    with pytest.raises(ModelUnusable, match=f"{name} is cut off"):
        read_model_folder(model)


def test_an_acoustic_model_short_of_one_byte_is_found(tmp_path: Path):
    model = model_copy(tmp_path)
    cut(model / "am/final.mdl", 1 - 1e-8)
    with pytest.raises(ModelUnusable, match=r"am/final\.mdl is cut off"):
        read_model_folder(model)


@pytest.mark.parametrize("name", ["am/final.mdl", "graph/HCLr.fst"])
def test_another_files_content_is_found(tmp_path: Path, name: str):
    model = model_copy(tmp_path)
    (model / name).write_bytes(b"\x7fELF" + bytes(500))
    with pytest.raises(ModelUnusable, match=f"{name} is no "):
        read_model_folder(model)


def test_no_folder_a_file_and_the_first_layout_are_refused(tmp_path: Path):
    for path in (tmp_path / "none", SOURCE / "LICENSE"):
        with pytest.raises(ModelUnusable, match="no such folder"):
            read_model_folder(path)
    (tmp_path / "final.mdl").touch()
    with pytest.raises(ModelUnusable, match="first layout"):
        read_model_folder(tmp_path)


def test_a_model_that_would_end_the_process_for_want_of_silence_phones_is_refused(tmp_path: Path):
    model = model_copy(tmp_path)
    (model / "conf/model.conf").write_text("--beam=11.0\n# --endpoint.silence-phones=1\n")
    with pytest.raises(ModelUnusable, match="silence-phones"):
        read_model_folder(model)


def test_a_model_that_wants_its_voice_data_must_have_all_of_it(tmp_path: Path):
    model = model_copy(tmp_path)
    (model / "ivector").mkdir()
    with pytest.raises(ModelUnusable, match=r"ivector/final\.dubm is missing"):
        read_model_folder(model)


@pytest.mark.parametrize(
    ("options", "made_for", "fed"),
    [
        ("", 16000, 16000),
        ("--allow-upsample=true", 16000, 8000),
        ("--allow_upsample=true  # underscores too", 16000, 8000),
        ("--sample-frequency=16000", 16000, 16000),
        ("--sample-frequency=8000", 8000, 8000),
        ("--sample-frequency=8000.0\n--allow-upsample=false", 8000, 8000),
    ],
)
def test_the_rate_it_must_be_fed_is_in_its_configuration(tmp_path, options, made_for, fed):
    model = model_copy(tmp_path)
    (model / "conf/mfcc.conf").write_text(f"--num-ceps=40\n{options}\n")
    read = read_model_folder(model)
    assert (read.made_for, read.fed) == (made_for, fed)


@pytest.mark.parametrize("rate", ["11025", "0", "-8000", "many"])
def test_a_rate_that_a_telephone_line_cannot_give_is_refused(tmp_path: Path, rate: str):
    model = model_copy(tmp_path)
    (model / "conf/mfcc.conf").write_text(f"--sample-frequency={rate}\n")
    with pytest.raises(ModelUnusable, match=r"Hz|no number"):
        read_model_folder(model)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("vosk-model-small-ru-0.22", "ru"),
        ("vosk-model-ru-0.42", "ru"),
        ("vosk-model-en-us-0.22-lgraph", "en"),
        ("vosk-model-small-en-us-0.15", "en"),
        ("vosk-model-cn-0.22", "zh"),
        ("vosk-model-spk-0.4", ""),
        ("my-model", ""),
        ("vosk-model-", ""),
    ],
)
def test_its_name_says_its_language(name: str, language: str):
    assert language_of(Path(name)) == language


@pytest.mark.parametrize(
    ("note", "language"), [('{"language": "kk"}', "kk"), ("[]", "ru"), ("{", "ru"), ("{}", "ru")]
)
def test_a_note_of_its_installation_outweighs_the_name(tmp_path: Path, note: str, language: str):
    folder = tmp_path / "vosk-model-ru-1"
    folder.mkdir()
    (folder / NOTE).write_text(note)
    assert language_of(folder) == language


def test_with_sums_a_changed_byte_and_a_missing_file_are_found(tmp_path: Path):
    model = model_copy(tmp_path, sums=True)
    check_sums(model)
    flip(model / "graph/HCLr.fst")
    with pytest.raises(ModelUnusable, match=r"graph/HCLr\.fst is not what it was"):
        check_sums(model)
    (model / "graph/HCLr.fst").unlink()
    with pytest.raises(ModelUnusable, match=r"graph/HCLr\.fst is missing"):
        check_sums(model)


def test_sums_are_of_every_file_and_hold_until_one_changes(tmp_path: Path):
    model = model_copy(tmp_path)
    write_sums(model)
    write_sums(model)
    check_sums(model)
    (model / "README.md").write_text("another")
    with pytest.raises(ModelUnusable, match=r"README\.md is not"):
        check_sums(model)


def test_the_stamp_changes_with_any_file(tmp_path: Path):
    model = model_copy(tmp_path)
    before = stamp_of(model)
    assert stamp_of(model) == before
    flip(model / "graph/HCLr.fst")
    assert stamp_of(model) != before
