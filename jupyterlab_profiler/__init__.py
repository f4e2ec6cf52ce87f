"""Profile notebook cells and see where the time went, right under the code.

In a notebook::

    %load_ext jupyterlab_profiler

    %%cprofile
    work()

Anywhere::

    from jupyterlab_profiler import profile

    with profile("my run") as p:
        work()
    p.stats().print_stats()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from ._version import __version__
    from .block import profile
    from .formats import load
    from .model import Profile

__all__ = ["Profile", "__version__", "load", "profile"]


def __getattr__(name: str) -> Any:
    # Parts are imported when they are first used: importing the package must cost a notebook
    # nothing.
    if name == "profile":
        from .block import profile

        globals()["profile"] = profile
        return profile
    if name == "load":
        from .formats import load

        return load
    if name == "Profile":
        from .model import Profile

        return Profile
    if name == "__version__":
        from .version import version

        return version()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where JupyterLab finds the front end of this package."""
    return [{"src": "labextension", "dest": "jupyterlab-profiler"}]


def load_ipython_extension(shell: InteractiveShell) -> None:
    """``%load_ext jupyterlab_profiler``: register ``%%cprofile``, ``%%lprun`` and the others."""
    from .extension import load

    load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """``%unload_ext jupyterlab_profiler``: give back what was there before."""
    from .extension import unload

    unload(shell)
