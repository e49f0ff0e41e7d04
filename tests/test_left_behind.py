"""Only what still lives is counted as left behind by a command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from scripts.left_behind import is_anyone_left

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="needs the list of processes in /proc"
)

SLEEP = "import time; time.sleep(60)"


def test_a_process_that_lives_on_is_left_behind() -> None:
    process = subprocess.Popen([sys.executable, "-c", SLEEP], start_new_session=True)
    try:
        assert is_anyone_left(process.pid, seconds=0.1)
    finally:
        process.kill()
        process.wait()
    assert not is_anyone_left(process.pid, seconds=5.0)


def test_a_process_that_a_command_started_is_left_behind_when_the_command_is_gone() -> None:
    starts = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {SLEEP!r}]).pid)"
    command = subprocess.Popen(
        [sys.executable, "-c", starts], start_new_session=True, stdout=subprocess.PIPE, text=True
    )
    assert command.stdout is not None
    started = int(command.stdout.readline())
    command.wait()
    command.stdout.close()
    try:
        assert is_anyone_left(command.pid, seconds=0.1)
    finally:
        subprocess.run(["kill", "-9", str(started)], check=True)
    assert not is_anyone_left(command.pid, seconds=5.0)


def test_a_process_that_ended_and_was_not_collected_is_not_left_behind() -> None:
    process = subprocess.Popen([sys.executable, "-c", SLEEP], start_new_session=True)
    process.kill()
    # Nobody has waited for it: it is a zombie of this test.
    assert not is_anyone_left(process.pid, seconds=5.0)
    process.wait()
