"""The compiled module can be loaded more than once in one process, and goes without a trace."""

from __future__ import annotations

import subprocess
import sys

AGAIN = """
import gc, importlib, sys
NAME = "jupyterlab_profiler.collect._recorder"
for _ in range(50):
    module = importlib.import_module(NAME)
    assert module.__doc__
    del sys.modules[NAME], module
    gc.collect()
print("done")
"""


def test_it_can_be_loaded_again_after_it_was_let_go():
    # In a process of its own: the one of the tests keeps its module.
    done = subprocess.run([sys.executable, "-c", AGAIN], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
