from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from kernels import Kernel, running_kernel
from recorders import HAS_MONITORING, compiled_recorder, registered


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what is not about this Python."""
    if not HAS_MONITORING:
        items[:] = [item for item in items if item.get_closest_marker("needs_monitoring") is None]


@pytest.fixture(scope="module")
def kernel(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kernel]:
    """A kernel with the extension loaded, for the tests of one file.

    For those that are marked with :data:`kernels.on_every_engine`, one kernel an engine.
    """
    folder: Path = tmp_path_factory.mktemp("kernel")
    with running_kernel(folder, getattr(request, "param", None)) as kernel:
        loaded = kernel.run("%load_ext jupyterlab_profiler")
        assert loaded.status == "ok", loaded.traceback
        assert loaded.outputs == []
        yield kernel


@pytest.fixture
def quiet() -> Iterator[None]:
    """No garbage collection meanwhile: its callbacks and finalizers are calls as any others."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def module() -> ModuleType:
    """The compiled part."""
    return compiled_recorder()


@pytest.fixture
def nothing_stays() -> Iterator[None]:
    """Nothing of ours is registered with the interpreter, before the test and after it."""
    assert registered() == []
    yield
    assert registered() == []


@pytest.fixture
def interrupt_soon() -> Iterator[Callable[[float], None]]:
    """Has the system's timer interrupt, as the kernel's Interrupt does."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    yield lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds) and None
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)
