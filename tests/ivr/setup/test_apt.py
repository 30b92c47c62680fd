"""The way with apt, with a stand-in for it that says what the real one was recorded to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.setup.apt import Apt
from ivr.setup.problem import SetupProblem
from ivr.setup.run import Failed, Programs
from tests.ivr.setup.test_said import SAID

STAND_IN = """#!/bin/sh
# Keeps what it was asked; says and ends as its next scene tells.
[ "$DEBIAN_FRONTEND" = noninteractive ] || { echo "E: would have asked"; exit 100; }
words="$*"
for word in update --download-only install; do
    case " $words " in *" $word "*) echo "$word" >> FOLDER/asked; break;; esac
done
scene=$(ls FOLDER/scenes | head -1)
[ -n "$scene" ] || exit 0
code=${scene##*.}
cat FOLDER/scenes/"$scene"
rm FOLDER/scenes/"$scene"
exit "$code"
"""


class Stage:
    """scenes: what apt-get says one after another: (a recording's name, its exit code). After them all goes well."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        (folder / "scenes").mkdir()
        (folder / "lists").mkdir()
        for name, text in (("apt-get", STAND_IN), ("dpkg", '#!/bin/sh\necho dpkg "$@" >> FOLDER/asked\n')):
            (folder / name).write_text(text.replace("FOLDER", str(folder)))
            (folder / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
        self.apt = Apt(Programs(), [], folder / "debian.log", lists=folder / "lists", pause=0.01)

    def have_lists(self) -> None:
        (self.folder / "lists" / "mirror.example_dists_bookworm_main_binary-amd64_Packages").touch()

    def says(self, *scenes: tuple[str, int]) -> None:
        for number, (name, code) in enumerate(scenes):
            text = (SAID / f"{name}.txt").read_text() if name else ""
            (self.folder / "scenes" / f"{number:02}.{code}").write_text(text)

    @property
    def asked(self) -> list[str]:
        file = self.folder / "asked"
        return file.read_text().splitlines() if file.exists() else []


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage(tmp_path, monkeypatch)


FINE = ("", 0)


def test_a_machine_with_lists_is_not_made_to_fetch_them(stage: Stage) -> None:
    stage.have_lists()
    stage.apt.install(["espeak-ng"])
    assert stage.asked == ["--download-only", "install"]


def test_a_bare_machine_fetches_its_lists_first(stage: Stage) -> None:
    stage.apt.install(["espeak-ng"])
    assert stage.asked == ["update", "--download-only", "install"]


def test_no_network_is_told_at_once_although_apt_ends_as_if_all_were_well(stage: Stage) -> None:
    stage.says(("apt-network", 0))
    with pytest.raises(SetupProblem, match="mirror cannot be reached"):
        stage.apt.install(["espeak-ng"])
    assert stage.asked == ["update"]


@pytest.mark.parametrize("old", ["notfound", "locate"])
def test_lists_older_than_the_mirror_are_fetched_anew(old: str, stage: Stage) -> None:
    stage.have_lists()
    stage.says((old, 100))
    stage.apt.install(["espeak-ng"])
    assert stage.asked == ["--download-only", "update", "--download-only", "install"]


def test_a_package_no_source_has_is_told_after_one_more_look(stage: Stage) -> None:
    stage.have_lists()
    stage.says(("locate", 100), FINE, ("locate", 100))
    with pytest.raises(SetupProblem, match="apt finds no espeak-ng in this machine's sources"):
        stage.apt.install(["espeak-ng"])


@pytest.mark.parametrize("lock", ["lock-lists", "lock-dpkg"])
def test_an_upgrade_that_runs_since_boot_is_waited_for(lock: str, stage: Stage) -> None:
    stage.have_lists()
    stage.says((lock, 100), (lock, 100))
    stage.apt.install(["espeak-ng"])
    assert stage.asked == ["--download-only"] * 3 + ["install"]


def test_an_installation_that_was_cut_off_is_put_right_first(stage: Stage) -> None:
    stage.have_lists()
    stage.says(("cutoff", 100))
    stage.apt.install(["espeak-ng"])
    assert stage.asked == ["--download-only", "dpkg --configure -a", "--download-only", "install"]


def test_a_full_disk_is_not_tried_again(stage: Stage) -> None:
    stage.have_lists()
    stage.says(("disk-apt", 100))
    with pytest.raises(SetupProblem, match="the disk is full"):
        stage.apt.install(["espeak-ng"])
    assert stage.asked == ["--download-only"]


def test_a_file_of_roots_is_put_in_place_and_taken_away(stage: Stage) -> None:
    target = stage.folder / "etc" / "apt" / "ours.sources"
    stage.apt.place("Types: deb\n", target)
    assert target.read_text() == "Types: deb\n"
    assert target.stat().st_mode & 0o777 == 0o644
    stage.apt.remove(target)
    assert not target.exists()
    with pytest.raises(Failed):
        stage.apt.place("text", Path("/proc/no/such"))
