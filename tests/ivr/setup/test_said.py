"""What the set-up understands of the last words of apt, pip and uv: texts recorded on a bare machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.setup import apt, environment
from ivr.setup.said import Trouble, trouble

SAID = Path(__file__).parent / "said"
MEANS = {
    "apt-network": Trouble.NETWORK,
    "cutoff": Trouble.HALF_INSTALLED,
    "disk-apt": Trouble.DISK,
    "locate": Trouble.OLD_LISTS,
    "lock-dpkg": Trouble.BUSY,
    "lock-lists": Trouble.BUSY,
    "notfound": Trouble.OLD_LISTS,
    "pip-disk": Trouble.DISK,
    "pip-hash": Trouble.NOT_THE_SAME,
    "pip-network": Trouble.NETWORK,
    "uv-certificate": Trouble.CERTIFICATE,
    "uv-disk": Trouble.DISK,
    "uv-hash": Trouble.NOT_THE_SAME,
    "uv-network": Trouble.NETWORK,
    "uv-platform": Trouble.PROCESSOR,
}


def said(name: str) -> str:
    return (SAID / f"{name}.txt").read_text()


@pytest.mark.parametrize(("name", "meaning"), MEANS.items())
def test_a_recorded_failure_is_understood(name: str, meaning: Trouble) -> None:
    assert trouble(said(name)) is meaning


def test_every_recording_is_used() -> None:
    assert {file.stem for file in SAID.glob("*.txt")} == set(MEANS)


def test_a_package_that_cannot_be_found_for_want_of_lists_is_the_networks_fault() -> None:
    both = f"{said('apt-network')}\n{said('locate')}"
    assert "mirror cannot be reached" in apt.sentence(both, said("locate"), ["espeak-ng"], Path("log"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("apt-network", "check this machine's network and proxy"),
        ("disk-apt", "make room"),
        ("locate", "apt finds no espeak-ng"),
        ("lock-dpkg", "let it finish"),
        ("cutoff", "dpkg was interrupted"),  # after the cure was tried in vain: its own words
    ],
)
def test_apts_failure_becomes_one_sentence_with_the_way_out(name: str, words: str) -> None:
    told = apt.sentence(said(name), said(name), ["espeak-ng"], Path("var/setup/debian.log"))
    assert words in told
    assert "\n" not in told
    assert told.endswith("; details: var/setup/debian.log")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pip-network", "check this machine's network and proxy"),
        ("uv-network", "check this machine's network and proxy"),
        ("uv-certificate", "update-ca-certificates"),
        ("uv-disk", "1 GB is needed"),
        ("pip-disk", "1 GB is needed"),
        ("uv-hash", "not the one that requirements.lock names"),
        ("pip-hash", "not the one that requirements.lock names"),
        ("uv-platform", "this processor"),
    ],
)
def test_the_environments_failure_becomes_one_sentence_with_the_way_out(name: str, words: str) -> None:
    told = environment.sentence(said(name), Path("var/setup/python.log"))
    assert words in told
    assert "\n" not in told
    assert told.endswith("; details: var/setup/python.log")


def test_what_nobody_foresaw_is_told_in_the_programs_own_last_words() -> None:
    text = "Traceback (most recent call last):\nImportError: libm.so.9: cannot open shared object file\n\n"
    assert "libm.so.9: cannot open" in environment.sentence(text, Path("log"))
    assert "apt-get said nothing" in apt.sentence("", "", ["a", "b"], Path("log"))
