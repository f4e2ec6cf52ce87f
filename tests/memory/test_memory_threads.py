"""Threads that run before ``%%memory`` begins, and go on: memray's file stays whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from compiling import kept
from kernels import Kernel
from memories import NOTHING, check, label, left_behind, of_line, total

BUSY = """
def call(): pass
def allocate(depth):
    if depth:
        return allocate(depth - 1)
    while not is_over:
        churn.churn(100)
        call()
is_over = False
busy = [threading.Thread(target=allocate, args=(700,)) for _ in range(8)]
for thread in busy:
    thread.start()
"""


@pytest.fixture(scope="module")
def churning_kernel(memory_kernel: Kernel) -> Kernel:
    """The kernel with ``churn``, whose functions run without Python's lock."""
    library = kept(Path(__file__).with_name("churn.c"), "churn.so", "-O1", "-g", "-shared", "-fPIC")
    loaded = memory_kernel.run(f"import ctypes\nchurn = ctypes.CDLL({str(library)!r})")
    assert loaded.status == "ok", loaded.traceback
    return memory_kernel


def test_threads_that_allocate_when_it_begins_break_nothing(churning_kernel: Kernel) -> None:
    churning_kernel.run(BUSY)
    try:
        for _ in range(25):
            outcome = churning_kernel.run("%%memory\nkept = bytearray(999_999)\nchurn.churn(500)")
            assert outcome.status == "ok", outcome.traceback
            profile = outcome.profile
            assert "memory-complete" not in [check.id for check in profile.checks]
            assert of_line(profile, label(outcome), 2, "bytes") == 1_000_000
            assert of_line(profile, label(outcome), 3, "allocations") >= 500
    finally:
        churning_kernel.run("is_over = True\nfor thread in busy: thread.join()")
    assert left_behind(churning_kernel) == NOTHING


@pytest.mark.parametrize("target", ["churn.churn", "lambda times: churn.churn(times)"])
def test_a_call_that_is_older_than_the_cell_is_not_the_cells(
    churning_kernel: Kernel, target: str
) -> None:
    churning_kernel.run(
        f"older = threading.Thread(target={target}, args=(-1,))\nolder.start()\ntime.sleep(0.1)"
    )
    try:
        profile = churning_kernel.run(
            "%%memory\nkept = bytearray(999_999)\ntime.sleep(0.05)"
        ).profile
    finally:
        churning_kernel.run("churn.stop()\nolder.join()")
    assert [thread.kind for thread in profile.threads] == ["thread"]
    assert 1_000_000 <= total(profile, "bytes") <= 1_010_000
    assert (check(profile, "memory-others").value or 0) > 60_000
