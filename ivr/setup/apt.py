"""Getting Debian's packages: unattended, patient with other installers, clear about what stood in the way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ivr.setup.problem import SetupProblem
from ivr.setup.run import Failed, Programs
from ivr.setup.said import Trouble, trouble

QUIET = ("DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_MODE=a", "LC_ALL=C.UTF-8", "LANGUAGE=")
LISTS = Path("/var/lib/apt/lists")
OPTIONS = (
    *("-o", "DPkg::Lock::Timeout=120"),
    *("-o", "Acquire::http::Timeout=20"),
    *("-o", "Acquire::https::Timeout=20"),
)
WAITS, PAUSE = 40, 3.0  # for another apt: so often, so many seconds; an upgrade at boot takes a minute or two
ONCE_MORE, PATIENT = (("-o", f"Acquire::Retries={count}") for count in (1, 3))
CLUSTER_SETTINGS = Path("/etc/postgresql-common/createcluster.conf")


class Apt:
    """apt-get as root.

    root: the words that make a command root's, see debian.as_root. lists: where apt keeps what the mirrors have.
    pause: seconds before it is asked again whether another apt has ended.
    """

    def __init__(
        self, programs: Programs, root: Sequence[str], log: Path, *, lists: Path = LISTS, pause: float = PAUSE
    ) -> None:
        self._programs, self._root, self.log = programs, root, log
        self._lists_in, self._pause = lists, pause

    def install(self, packages: Sequence[str]) -> None:
        """Raises SetupProblem with the one thing to do about it, Stopped."""
        said = "" if self._lists() else self.update()
        if said and not self._lists():
            raise SetupProblem(sentence(said, said, packages, self.log))
        try:
            try:
                self._install(packages)
            except Failed as failed:
                if not self._cured(trouble(failed.said)):
                    raise
                self._install(packages)
        except Failed as failed:
            # "Unable to locate package" is the consequence; why the lists could not be had is the cause.
            raise SetupProblem(sentence(f"{said}\n{failed.said}", failed.said, packages, self.log)) from None

    def update(self, *options: str) -> str:
        """Fetches the lists of packages. Returns what apt said when it could not have all of them, else ""."""
        try:
            said = self._apt(*ONCE_MORE, "update", *options)
        except Failed as failed:
            return failed.said
        # With no network apt-get warns, and ends as if all were well.
        return said if re.search(r"^[WE]: (?:Failed to fetch|Some index files)", said, re.MULTILINE) else ""

    def place(self, text: str, target: Path) -> None:
        """A small file of root's. Raises Failed."""
        part = self.log.with_name(target.name)
        part.write_text(text)
        self._programs.run([*self._root, "install", "-D", "-m", "0644", str(part), str(target)], self.log)
        part.unlink()

    def remove(self, file: Path) -> None:
        """Takes a file of ours away again. Raises Failed."""
        self._programs.run([*self._root, "rm", "-f", str(file)], self.log)

    def _install(self, packages: Sequence[str]) -> None:
        words = ("-y", "--no-install-recommends", *packages)
        self._apt(*PATIENT, "install", "--download-only", *words)
        self._apt("install", *words, to_its_end=True)

    def _lists(self) -> bool:
        return any(self._lists_in.glob("*_Packages*"))

    def _cured(self, what: Trouble) -> bool:
        """Whether it is worth trying again."""
        if what is Trouble.OLD_LISTS:
            return self.update() == ""
        if what is Trouble.HALF_INSTALLED:
            self._root_runs("dpkg", "--configure", "-a", to_its_end=True)
            return True
        return False

    def _apt(self, *words: str, to_its_end: bool = False) -> str:
        """Waits while another program has apt's locks; of those, apt itself waits for dpkg's alone."""
        for _ in range(WAITS):
            try:
                return self._root_runs("apt-get", *OPTIONS, *words, to_its_end=to_its_end)
            except Failed as failed:
                if trouble(failed.said) is not Trouble.BUSY:
                    raise
            self._programs.wait(self._pause)
        return self._root_runs("apt-get", *OPTIONS, *words, to_its_end=to_its_end)

    def _root_runs(self, *argv: str, to_its_end: bool) -> str:
        return self._programs.run([*self._root, "env", *QUIET, *argv], self.log, to_its_end=to_its_end)


def no_own_cluster(apt: Apt) -> None:
    """Keeps Debian's postgresql package from starting a server of its own: the tests start theirs."""
    if not CLUSTER_SETTINGS.exists():
        apt.place("create_main_cluster = false\n", CLUSTER_SETTINGS)


def sentence(cause: str, last: str, packages: Sequence[str], log: Path) -> str:
    """What to tell the person. cause: all that apt said. last: its last words."""
    what = trouble(cause)
    details = f"details: {log}"
    sentences = {
        Trouble.NETWORK: "the package mirror cannot be reached: check this machine's network and proxy "
        "(apt-get update must work), then try again",
        Trouble.DISK: "the disk is full: make room on /var and /usr, then try again",
        Trouble.CERTIFICATE: "the package mirror's certificate or date is not accepted: check this "
        "machine's clock and certificates (apt-get update must work), then try again",
        Trouble.BUSY: "another program is installing packages: let it finish, then try again",
        Trouble.OLD_LISTS: f"apt finds no {', '.join(packages)} in this machine's sources: add Debian's main "
        "component to them (apt-get update must work), then try again",
    }
    told = (
        sentences.get(what)
        or f"Debian packages could not be installed ({' '.join(packages)}): "
        + (last.strip().splitlines() or ["apt-get said nothing"])[-1]
    )
    return f"{told}; {details}"
