"""What a bare machine has to bear. Each trial is a sentence, gets fresh machines, and raises what is not so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from tests.bare.machine import Machine, Said, together

FIRST_ANSWER = 180.0  # seconds from the command to the first answered call
AGAIN = 15.0  # the same when all is installed
AT_ONCE = 20.0  # seconds a refusal may take
DEMO = "cd {} && ./hotline demo --for {}"
Fresh = Callable[[], Machine]


class NotSo(AssertionError):
    """The machine did something else."""


class Trials:
    """fresh gives a bare machine; installed gives one on which root's demo has run in /root/hotline."""

    def __init__(self, fresh: Fresh, installed: Fresh, report: Callable[[str], None]) -> None:
        self._fresh, self._installed, self._report = fresh, installed, report

    # The main thing.

    def root_from_bare(self) -> None:
        machine = self._fresh()
        machine.clone()
        self._demo(machine, within=FIRST_ANSWER)

    def root_again(self) -> None:
        for _ in range(3):
            self._demo(self._installed(), within=AGAIN, seconds=5)

    def user_with_sudo(self) -> None:
        machine = self._fresh()
        machine.clone("anna")
        self._demo(machine, user="anna", within=FIRST_ANSWER)
        self._demo(machine, user="anna", within=AGAIN, seconds=5)
        foreign = machine.run("find /home/anna ! -user anna", user="root").text
        require(not foreign.strip(), "a file in the user's home is not his", foreign)

    def every_test_as_root(self) -> None:
        self._tests("root")

    def every_test_as_a_user(self) -> None:
        self._tests("anna")

    def as_ci_runs_it(self) -> None:
        machine = self._fresh()
        machine.clone()
        said = machine.run("hotline/.ci/run", env={"CI": "true"})
        self._report(f"{said.seconds:.0f} s; {said.text.strip().splitlines()[-1]}")
        require(said.code == 0, "the proof on a fresh clone failed", said.text)

    # What is in the way is told in one sentence.

    def user_without_sudo(self) -> None:
        machine = self._fresh()
        machine.clone("boris")
        self._refused(machine, "sudo was refused.*apt-get install .*mmdebstrap", user="boris")
        self._refused(machine, "no sudo.*apt-get install", user="boris", mounts="rm usr/bin/sudo")

    def no_network(self) -> None:
        machine = self._fresh()
        machine.clone()
        self._refused(machine, "mirror cannot be reached", network=False)

    def no_network_but_packages(self) -> None:
        machine = self._installed()
        machine.run("rm -rf hotline/var .cache")
        self._refused(machine, "cannot be reached", network=False)

    def network_that_swallows_everything(self) -> None:
        machine = self._fresh()
        machine.clone()
        hole = """
            ip link add hole type veth peer name bottom; ip addr add 192.0.2.1/24 dev hole
            ip link set hole up; ip link set bottom up
            ip neighbour add 192.0.2.2 lladdr 02:00:00:00:00:01 dev hole; ip route add default via 192.0.2.2
        """
        self._refused(machine, "mirror cannot be reached", network=False, mounts=hole, within=90)

    def foreign_distributions(self) -> None:
        for name, identity in (("Fedora Linux 40", "fedora"), ("Alpine Linux v3.20", "alpine")):
            machine = self._fresh()
            machine.clone()
            release = f"printf 'PRETTY_NAME=\"{name}\"\\nID={identity}\\n' > etc/os-release"
            self._refused(
                machine, f"{name} is not Debian.*mmdebstrap", mounts=f"rm etc/os-release; {release}"
            )

    def python_too_old_or_new(self) -> None:
        machine = self._fresh()
        machine.clone()
        place = "etc/python3.11/sitecustomize.py"
        for version in ("3.9.0", "3.13.0"):
            numbers = version.replace(".", ", ")
            pretend = f"import sys; sys.version, sys.version_info = '{version}', ({numbers}, 'final', 0)"
            self._refused(machine, f"this is {version}", mounts=f'echo "{pretend}" > {place}')
        # The first on the path is too old, another one will do.
        first = "import sys; sys.version_info = sys.version_info if '3.11' in sys.executable else (3, 9)"
        said = machine.run("cd hotline && ./hotline", mounts=f'echo "{first}" > {place}')
        require(said.code == 0, "another Python is not found", said.text)

    def disk_full(self) -> None:
        machine = self._fresh()
        machine.clone()
        machine.run("mkdir hotline/var")
        small = "mount -t tmpfs -o size=100m tmpfs root/hotline/var"
        self._refused(machine, "disk is too full: .* MB are needed", mounts=small)
        inodes = "mount -t tmpfs -o size=3g,nr_inodes=3000 tmpfs root/hotline/var"
        self._refused(machine, "disk is full", mounts=inodes, within=120)
        archives = "mount -t tmpfs -o size=2m tmpfs var/cache/apt"
        other = self._fresh()
        other.clone()
        self._refused(other, "disk is full", mounts=archives, within=60)

    def read_only_checkout(self) -> None:
        machine = self._fresh()
        machine.clone()
        frozen = "mount --bind root/hotline root/hotline && mount -o remount,bind,ro root/hotline"
        self._refused(machine, "cannot write below .*copy the project", mounts=frozen)

    def packages_by_hand(self) -> None:
        machine = self._fresh()
        machine.clone()
        self._refused(machine, "python3-venv", env={"HOTLINE_NO_APT": "1"})
        machine.run(
            "apt-get update && apt-get install -y --no-install-recommends python3-venv mmdebstrap espeak-ng"
        )
        said = self._demo(machine, within=FIRST_ANSWER, seconds=5, env={"HOTLINE_NO_APT": "1"})
        require("RHVoice" not in said.text, "apt was asked all the same", said.text)

    # Interrupted, doubled, damaged.

    def interrupted_anywhere(self) -> None:
        for number in ("INT", "TERM"):
            machine = self._fresh()
            machine.clone()
            for seconds in (0.3, 1, 2, 4, 7, 11):
                stop = f"sleep {seconds}; kill -{number} $pid; wait $pid; echo code $?; true"
                said = machine.run(f"cd hotline && (set -m; ./hotline setup & pid=$!; {stop})")
                require(
                    "code 130" in said.text or "everything is here" in said.text, "no orderly end", said.text
                )
                require("Traceback" not in said.text, "a traceback", said.text)
            self._demo(machine, within=FIRST_ANSWER, seconds=5)

    def killed_anywhere(self) -> None:
        machine = self._fresh()
        machine.clone()
        for seconds in (1, 3, 8, 15):
            machine.run(f"cd hotline && (./hotline setup & sleep {seconds}; kill -9 $!)")
        self._demo(machine, within=FIRST_ANSWER, seconds=5)

    def two_copies_at_once(self) -> None:
        machine = self._fresh()
        machine.clone()
        machine.clone(folder="other")
        first, second, third = together(
            machine,
            [DEMO.format("hotline", 10), DEMO.format("hotline", 10) + " --seed 2", DEMO.format("other", 10)],
        )
        for said in (first, second, third):
            require(said.code == 0, "one of three demonstrations failed", said.text)
            self._report(f"first answered call {first_answer(said):.1f} s after the command")
        waited = [said for said in (first, second) if "another copy is setting up" in said.text]
        require(len(waited) == 1, "one copy waits for the other", first.text + second.text)

    def what_is_damaged_heals(self) -> None:
        harms = {
            "the environment's packages": "rm -rf hotline/var/python/lib",
            "one package": "rm -rf hotline/var/python/lib/python3*/site-packages/rich",
            "the environment's stamp": "echo half > hotline/var/python/locked",
            "the interpreter": "rm hotline/var/python/bin/python*",
            "the link": "rm hotline/var/python",
            "Asterisk's program": "rm hotline/var/asterisk/usr/sbin/asterisk",
            "Asterisk's libraries": "rm -rf hotline/var/asterisk/usr/lib",
            "all of var": "rm -rf hotline/var",
            "the lock file": "echo '# a comment' >> hotline/requirements.lock",
        }
        machine = self._installed()
        for what, harm in harms.items():
            machine.run(harm)
            said = self._demo(machine, within=60, seconds=3)
            self._report(f"without {what}: {said.seconds:.0f} s in all")

    # Where it stands and how it is called.

    def strange_places(self) -> None:
        machine = self._installed()
        for folder in ("горячая линия", "a b + c@d~e"):
            machine.clone(folder=folder)
            self._demo(machine, folder=f"'{folder}'", within=90, seconds=5)
        deep = "/".join(["a-folder-with-a-long-name"] * 4)
        for folder, why in ((deep, "too deep .* Unix socket"), ("line (copy)", "cannot run in a folder")):
            bare = self._fresh()
            bare.clone(folder=folder)
            self._refused(bare, why, folder=f"'{folder}'")

    def strange_callers(self) -> None:
        machine = self._installed()
        machine.run("mkdir -p bin && ln -s /root/hotline/hotline bin/line")
        for command, env in (
            ("cd / && /root/bin/line demo --for 3", {}),
            ("cd hotline && ./hotline demo --for 3", {"HOME": ""}),
            ("cd hotline && ./hotline demo --for 3", {"LANG": "C", "LC_ALL": "C"}),
            (
                "cd hotline && ./hotline demo --for 3",
                {"PYTHONPATH": "/srv", "PIP_USER": "1", "UV_PYTHON": "9"},
            ),
            ("cd hotline && script -qec './hotline demo --for 3' /dev/null", {"TERM": "xterm"}),
        ):
            said = machine.run(command, env=env)
            require(said.code == 0, f"{command} with {env}", said.text)
        said = machine.run(
            "rm -rf hotline/var .cache; cd hotline && ./hotline setup", env={"HOME": "", "LANG": "C"}
        )
        require(said.code == 0, "set-up without a home", said.text)

    # Parts.

    def _demo(
        self, machine: Machine, *, within: float, folder: str = "hotline", seconds: int = 20, **how: object
    ) -> Said:
        said = machine.run(DEMO.format(folder, seconds), **how)
        require(said.code == 0, "the demonstration failed", said.text)
        first = first_answer(said)
        self._report(f"first answered call {first:.1f} s after the command")
        require(first < within, f"first answer after {first:.1f} s, not {within:g}", said.text)
        return said

    def _refused(
        self, machine: Machine, why: str, *, within: float = AT_ONCE, folder: str = "hotline", **how: object
    ) -> None:
        said = machine.run(f"cd {folder} && ./hotline demo", **how)
        self._report(f"{said.seconds:.1f} s: {said.sentence}")
        require(said.code == 1, f"ended with {said.code}", said.text)
        require(bool(re.search(why, said.sentence)), f"does not say {why!r}", said.text)
        require("Traceback" not in said.text, "a traceback", said.text)
        require(said.seconds < within, f"took {said.seconds:.0f} s to say so", said.text)

    def _tests(self, user: str) -> None:
        machine = self._fresh()
        machine.clone(user)
        said = machine.run("cd hotline && ./hotline test", user=user)
        self._report(f"{said.seconds:.0f} s; {said.text.strip().splitlines()[-1]}")
        running = machine.run("ss -tln 2>/dev/null; ls /var/lib/postgresql/*/main 2>&1").text
        require("No such file" in running or not running, "Debian's own cluster was made", running)
        require(said.code == 0, "the tests failed", said.text)


def first_answer(said: Said) -> float:
    found = re.search(r"first answer after ([0-9.]+) s", said.text)
    require(found is not None, "no call was answered", said.text)
    return float(found[1]) if found else 0.0


def require(so: bool, what: str, text: str) -> None:
    """Raises NotSo with what the machine said."""
    if not so:
        raise NotSo(f"{what}\n{text[-3000:]}")


def named(path: Path) -> list[str]:
    """The trials' names, in the order in which they stand in this file."""
    return re.findall(r"^    def ([a-z]\w+)\(self\) -> None:", path.read_text(), re.MULTILINE)
