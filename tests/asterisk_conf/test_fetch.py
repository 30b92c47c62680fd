"""Fetching, with a stand-in for mmdebstrap that makes the same folders (or fails in the same words)."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from asterisk_conf.fetch import FetchFailed, fetch, mirror_of, recipe

DEB822 = """\
Types: deb
# http://snapshot.example.org/archive/debian/20250520T000000Z
URIs: http://mirror.example.org/debian
Suites: bookworm bookworm-updates
Components: main

Types: deb
URIs: http://mirror.example.org/debian-security
Suites: bookworm-security
"""
ASTERISK = "#!/bin/sh\necho Asterisk 22.10.1\n"
MAKES_AN_ASTERISK = """\
#!/bin/sh
for last; do mirror=$root; root=$previous; previous=$last; done
mkdir -p $root/usr/lib64 $root/usr/sbin $root/usr/lib/x86_64-linux-gnu/asterisk/modules $root/usr/share/asterisk/moh
printf '%s\\n' '#!/bin/sh' 'echo Asterisk 22.10.1' > $root/usr/lib64/ld-linux-x86-64.so.2
chmod 755 $root/usr/lib64/ld-linux-x86-64.so.2
touch $root/usr/sbin/asterisk
echo "I: extracting archives..."
"""


class Machine:
    """A project folder, apt's sources, and a PATH with (or without) mmdebstrap on it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.project = folder / "project"
        self.apt = folder / "apt"
        self.bin = folder / "bin"
        for made in (self.project, self.apt / "sources.list.d", self.bin):
            made.mkdir(parents=True)
        (self.apt / "sources.list.d/debian.sources").write_text(DEB822)
        monkeypatch.setenv("PATH", f"{self.bin}:/usr/bin:/bin")
        self.lines: list[str] = []

    def mmdebstrap(self, script: str) -> None:
        program = self.bin / "mmdebstrap"
        program.write_text(script)
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    def fetch(self):
        return fetch(self.project, self.lines.append, apt=self.apt)

    def left(self) -> list[str]:
        return sorted(path.name for path in (self.project / "var").iterdir())


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_it_is_unpacked_told_of_and_found_again(machine: Machine):
    machine.mmdebstrap(MAKES_AN_ASTERISK)
    first = machine.fetch()
    assert first.version == "22.10.1"
    assert first.music == machine.project / "var/asterisk/usr/share/asterisk/moh"
    assert "extracting archives..." in machine.lines
    assert machine.left() == ["asterisk"]


def test_what_is_there_is_not_fetched_again(machine: Machine):
    machine.mmdebstrap(MAKES_AN_ASTERISK)
    first = machine.fetch()
    machine.mmdebstrap("#!/bin/sh\nexit 1\n")
    assert machine.fetch() == first


def test_a_failure_leaves_nothing_and_tells_what_was_said(machine: Machine):
    machine.mmdebstrap(MAKES_AN_ASTERISK + "echo 'E: something broke' >&2\nexit 3\n")
    with pytest.raises(FetchFailed, match="something broke"):
        machine.fetch()
    assert machine.left() == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("Could not resolve 'mirror.example.org'", "check the network"),
        ("Temporary failure resolving 'mirror.example.org'", "check the network"),
        ("Could not connect to 127.0.0.1:9", "check the network"),
        ("dpkg-deb: error: No space left on device", "the disk is full"),
    ],
)
def test_a_known_cause_is_told_in_a_sentence(machine: Machine, said: str, sentence: str):
    machine.mmdebstrap(f'#!/bin/sh\necho "{said}"\nexit 100\n')
    with pytest.raises(FetchFailed, match=sentence):
        machine.fetch()


def test_an_asterisk_that_does_not_run_here_is_not_kept(machine: Machine):
    machine.mmdebstrap(MAKES_AN_ASTERISK.replace("echo Asterisk 22.10.1", "exit 1"))
    with pytest.raises(FetchFailed, match="does not run"):
        machine.fetch()
    assert machine.left() == []


def test_something_half_in_its_place_is_replaced(machine: Machine):
    (machine.project / "var/asterisk/usr/sbin").mkdir(parents=True)
    machine.mmdebstrap(MAKES_AN_ASTERISK)
    assert machine.fetch().version == "22.10.1"


def test_what_a_killed_fetch_left_is_cleared_and_a_running_ones_is_not(machine: Machine):
    gone = next(pid for pid in range(4_000_000, 5_000_000) if not Path(f"/proc/{pid}").exists())
    for pid in (gone, os.getppid()):
        (machine.project / f"var/.asterisk-{pid}-x/root").mkdir(parents=True)
    machine.mmdebstrap(MAKES_AN_ASTERISK)
    machine.fetch()
    assert machine.left() == [f".asterisk-{os.getppid()}-x", "asterisk"]


def test_without_mmdebstrap_it_says_how_to_get_it(machine: Machine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(machine.bin))
    with pytest.raises(FetchFailed, match="apt-get install mmdebstrap"):
        machine.fetch()


def test_without_a_debian_mirror_it_says_so(machine: Machine):
    (machine.apt / "sources.list.d/debian.sources").write_text("URIs: http://archive.example.org/ubuntu\n")
    machine.mmdebstrap(MAKES_AN_ASTERISK)
    with pytest.raises(FetchFailed, match="knows no Debian mirror"):
        machine.fetch()


@pytest.mark.parametrize(
    ("text", "mirror"),
    [
        (DEB822, "http://mirror.example.org/debian"),
        ("deb http://mirror.example.org/debian bookworm main\n", "http://mirror.example.org/debian"),
        ("deb http://mirror.example.org/debian/ bookworm main\n", "http://mirror.example.org/debian"),
        (
            "deb [arch=amd64 signed-by=/x] https://m.example.org/debian bookworm main",
            "https://m.example.org/debian",
        ),
        ("URIs: http://a.example.org/x http://b.example.org/debian\n", "http://b.example.org/debian"),
        ("# deb http://old.example.org/debian bookworm main\n", None),
        ("deb-src http://mirror.example.org/debian bookworm main\n", None),
        ("deb http://mirror.example.org/debian-security bookworm-security main\n", None),
        ("", None),
    ],
)
def test_the_mirror_is_the_one_apt_uses(text: str, mirror: str | None):
    assert mirror_of([text]) == mirror


def test_somebody_who_is_not_root_needs_no_namespaces():
    assert "--mode=chrootless" in recipe("mmdebstrap", Path("/x"), "http://m/debian", as_root=False)
    assert "--mode=root" in recipe("mmdebstrap", Path("/x"), "http://m/debian", as_root=True)
