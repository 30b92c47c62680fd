"""Whether the project can run where it stands: known before anything is installed."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ivr.setup.problem import SetupProblem

DEEPEST = "var/instances/demo-4194304/asterisk/run/asterisk.ctl"  # the longest path of a Unix socket of ours
LONGEST_SOCKET = 107  # bytes, in Linux
WRITABLE = re.compile(
    r"/([\w/.+@~ -]*[\w/.+@~-])?"
)  # what Asterisk's files can name, see asterisk_conf.settings


def refuse_unfit(project: Path) -> None:
    """Raises SetupProblem for a folder in which Asterisk could not run."""
    if not WRITABLE.fullmatch(str(project)):
        odd = "".join(sorted(set(re.sub(r"[\w/.+@~ -]", "", str(project))))) or "a space at the end"
        raise SetupProblem(
            f"Asterisk cannot run in a folder of this name, {project}: move the project to one without {odd}"
        )
    excess = len(os.fsencode(project / DEEPEST)) - LONGEST_SOCKET
    if excess > 0:
        raise SetupProblem(
            f"the folder {project} is too deep for a Unix socket: its path has to be {excess} bytes shorter; "
            "move the project nearer to the root"
        )
