"""What callers said, kept by call and erased by call."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.hearing.kept_utterances import folder_of, forget


def test_each_call_has_a_folder_and_without_a_wish_nothing_is_kept():
    assert folder_of("/srv/said", "hotline-1795381391.2") == "/srv/said/hotline-1795381391.2"
    assert folder_of("", "hotline-1795381391.2") == ""


@pytest.mark.parametrize("call", ["", "..", ".", "../../etc", "a/b", "a\0b"])
def test_no_id_leads_out_of_the_folder(call: str, tmp_path: Path):
    with pytest.raises(ValueError, match="call's id"):
        forget(tmp_path, call)


def test_one_calls_words_are_erased_and_the_others_stay(tmp_path: Path):
    for call in ("1.1", "1.2"):
        (tmp_path / call).mkdir()
        for number in range(3):
            (tmp_path / call / f"ear-{number}.wav").write_bytes(b"RIFF")
    assert forget(tmp_path, "1.1") == 3
    assert forget(tmp_path, "1.1") == 0
    assert [one.name for one in tmp_path.iterdir()] == ["1.2"]
