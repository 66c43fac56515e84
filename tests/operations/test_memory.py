"""What a long process has loaded is left out of every search for garbage."""

import gc
import subprocess
import sys

import pytest

from portal import memory
from portal.celery import app


def test_a_worker_keeps_what_it_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[bool] = []
    monkeypatch.setattr(memory, "keep", lambda: kept.append(True))
    for step in app.steps["worker"]:
        step(None)
    assert kept == [True]


def test_what_is_loaded_in_the_block_stays_and_garbage_is_looked_for_again() -> None:
    """In a process of its own: what is frozen here would stay so for every other test."""
    code = (
        "import gc; from portal import memory\n"
        "with memory.loading(): inside = gc.isenabled(); kept = [[] for _ in range(99)]\n"
        "print(inside, gc.isenabled(), gc.get_freeze_count() > 99)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "True"]
    assert gc.isenabled()
