from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ivr.setup.lanes import together
from ivr.setup.problem import SetupProblem
from ivr.setup.run import Programs

LONG = ["sleep", "300"]


def test_pieces_run_side_by_side(tmp_path: Path) -> None:
    programs = Programs()
    a, b = tmp_path / "a", tmp_path / "b"

    def waits_for(other: Path, mine: Path) -> None:
        mine.touch()
        programs.run(["sh", "-c", f"until [ -e {other} ]; do sleep 0.01; done"], tmp_path / "log")

    together([lambda: waits_for(b, a), lambda: waits_for(a, b)], programs)


def test_nothing_to_do_is_done() -> None:
    together([], Programs())


def test_the_first_that_fails_ends_the_others_and_is_told(tmp_path: Path) -> None:
    programs = Programs()

    def fails() -> None:
        raise SetupProblem("the disk is full")

    begun = time.monotonic()
    with pytest.raises(SetupProblem, match="the disk is full"):
        together([lambda: programs.run(LONG, tmp_path / "log") and None, fails], programs)
    assert time.monotonic() - begun < 60


INTERRUPTED = """
import sys
from pathlib import Path
from ivr.setup.lanes import end_like_ctrl_c, together
from ivr.setup.run import Programs
end_like_ctrl_c()
programs = Programs()
log = Path(sys.argv[1])
try:
    together([lambda: programs.run(["sh", "-c", "echo begun; sleep 300"], log)], programs)
except KeyboardInterrupt:
    print("stopped")
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_kill_and_a_closed_terminal_end_everything(number: signal.Signals, tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(log)], stdout=subprocess.PIPE, text=True
    )
    while not (log.exists() and "\nbegun" in log.read_text()):
        assert process.poll() is None
        time.sleep(0.01)
    os.kill(process.pid, number)
    said, _ = process.communicate(timeout=60)
    assert said == "stopped\n"


def test_nohup_keeps_its_promise(tmp_path: Path) -> None:
    code = "import signal; from ivr.setup.lanes import end_like_ctrl_c; end_like_ctrl_c(); print(signal.getsignal(1))"
    said = subprocess.run(["nohup", sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == str(signal.SIG_IGN)
