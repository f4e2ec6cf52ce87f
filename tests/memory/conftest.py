from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from compiling import module
from kernels import Kernel, running_kernel

SOURCE = Path(__file__).with_name("heap.cpp")


@pytest.fixture(scope="session")
def heap_folder() -> Path:
    """A folder with the module ``heap``, whose allocations are known."""
    return module(SOURCE, "heap", "-O1").parent


@pytest.fixture(scope="module")
def memory_kernel(heap_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel with the extension loaded, the module imported, and temporary files of its own."""
    folder = tmp_path_factory.mktemp("kernel")
    temporary = folder / "temporary"
    temporary.mkdir()
    with running_kernel(folder) as kernel:
        begun = kernel.run(
            "%load_ext jupyterlab_profiler\n"
            "import asyncio, os, sys, tempfile, threading, time\n"
            f"tempfile.tempdir = {str(temporary)!r}\n"
            f"sys.path.insert(0, {str(heap_folder)!r})\nimport heap"
        )
        assert begun.status == "ok", begun.traceback
        yield kernel
