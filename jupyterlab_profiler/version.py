"""The version of the package, from where it was installed."""

from __future__ import annotations


def version() -> str:
    """The version, such as ``0.1.0``; ``unknown`` when the package runs without being installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("jupyterlab_profiler")
    except PackageNotFoundError:
        return "unknown"
