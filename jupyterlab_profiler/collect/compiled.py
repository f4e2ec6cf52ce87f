"""The compiled part of the package: an extension module that an installation may lack."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

_NAME = f"{__package__}._recorder"
# --no-cache-dir: pip keeps a wheel that it has built, with or without the compiled part.
_COMPILE = (
    "pip install --force-reinstall --no-deps --no-cache-dir "
    "--no-binary jupyterlab_profiler jupyterlab_profiler"
)


def load() -> ModuleType | None:
    """Return the compiled module, or None where it is missing or cannot be loaded.

    >>> recorder = load()
    >>> recorder is not None or missing()  # doctest: +SKIP
    """
    try:
        return importlib.import_module(_NAME)
    except ImportError:
        return None


def missing() -> str:
    """Say why :func:`load` returns None and what to do, in a sentence or two, or return ``""``."""
    try:
        importlib.import_module(_NAME)
    except ModuleNotFoundError as error:
        if error.name == _NAME:
            return _not_there()
        return _broken(error)
    except ImportError as error:
        return _broken(error)
    return ""


def _broken(error: ImportError) -> str:
    return (
        f"The compiled recorder cannot be loaded ({error}). "
        f"With a C compiler, this makes it anew: {_how()}"
    )


def _not_there() -> str:
    import sysconfig

    if sys.implementation.name != "cpython":
        return "The compiled recorder is made for CPython: another Python does without it."
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return (
            "The compiled recorder is not made for free-threaded Python: "
            "choose a Python that has the global interpreter lock to use it."
        )
    # hatch_build.py leaves it in a wheel that it could not, or should not, compile for.
    note = Path(__file__).with_name("_recorder.txt")
    try:
        reason = f" ({note.read_text(encoding='utf-8').strip()})"
    except OSError:
        reason = ""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (
        f"The compiled recorder was not made for this Python {version}{reason}. "
        f"With a C compiler and Python's headers, this makes it: {_how()}"
    )


def _how() -> str:
    checkout = Path(__file__).parents[2]
    if (checkout / "hatch_build.py").exists():
        return f'pip install -e "{checkout}"'
    return _COMPILE
