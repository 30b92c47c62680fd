"""The demonstration as a person runs it: from the command line, to the end, and interrupted."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from ivr.instance import PROJECT

pytestmark = pytest.mark.live


def test_everybody_who_stays_is_served_and_heard(tmp_path: Path):
    result = tmp_path / "result.json"
    done = subprocess.run(
        [
            "./hotline",
            "demo",
            "--for",
            "15",
            "--calls-per-minute",
            "30",
            "--seed",
            "7",
            "--json",
            str(result),
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads(result.read_text())
    assert summary["ok"]
    assert summary["faults"] == []
    calls = summary["calls"]
    assert calls["offered"] >= 5
    # Whoever hangs up in the very moment of the answer leaves too little sound to judge.
    assert calls["answered"] - 2 <= summary["audio_checked"] <= calls["answered"]
    assert calls["failed"] == summary["wrong_operator"] == summary["audio_failed"] == 0
    assert summary["double_rings"] == summary["stuck_operators"] == 0
    spoke = summary["speech"]["total"]
    assert spoke["callers"] >= 2 and summary["speech"]["utterances"] >= 1
    assert spoke.pop("callers") == sum(spoke.values()), "everybody who speaks comes to one end"
    assert 0 < calls["wait"]["p50"] <= calls["wait"]["p95"] <= calls["wait"]["max"]


@pytest.mark.parametrize("after", [3.0, 9.0])
def test_ctrl_c_leaves_no_process_no_folder_and_no_port(after: float):
    demo = subprocess.Popen(
        ["./hotline", "demo", "--for", "60"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    time.sleep(after)
    family = psutil.Process(demo.pid).children(recursive=True)
    demo.send_signal(signal.SIGINT)
    said, _ = demo.communicate(timeout=60)
    assert demo.returncode == 130, said
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []
    name = f"demo-{demo.pid}"
    left = [
        one.pid
        for one in psutil.process_iter(["cmdline"])
        if any(name in word for word in one.info["cmdline"] or ())
    ]
    assert left == []
    assert not (PROJECT / "var" / "instances" / name).exists()


def test_what_cannot_be_played_is_refused_in_one_sentence():
    done = subprocess.run(
        ["./hotline", "demo", "--operators", "0"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("hotline: --operators goes from 1 to")
