from __future__ import annotations

import fcntl
import os
from pathlib import Path

from ivr.doctor.probe.locks import flocks, lock_holder

TABLE = """1: POSIX  ADVISORY  READ 696 fe:00:5384468 128 128
5: FLOCK  ADVISORY  WRITE 696 fe:00:5384459 0 EOF
6: FLOCK  ADVISORY  WRITE 700 fe:00:77 0 EOF
6: -> FLOCK  ADVISORY  WRITE 701 fe:00:77 0 EOF
7: FLOCK  ADVISORY  WRITE -1 fe:00:78 0 EOF
"""


def test_the_kernels_table_is_read_and_those_who_only_wait_hold_nothing():
    assert flocks(TABLE) == [(696, 5384459), (700, 77)]


def test_the_holder_of_a_lock_is_found_without_touching_it(tmp_path: Path):
    file = tmp_path / "keeper.pid"
    assert lock_holder(file) is None
    with file.open("w") as held:
        assert lock_holder(file) is None
        fcntl.flock(held, fcntl.LOCK_EX)
        assert lock_holder(file) == os.getpid()
    assert lock_holder(file) is None
