"""What the front end calls in the kernel: profile cells without a change of their text.

The button *Profile cell* has the kernel evaluate :func:`arm` as a user expression of a silent,
empty execute request, lets JupyterLab run the cells as always, and has :func:`disarm` evaluated::

    __import__('jupyterlab_profiler.remote', fromlist=['arm']).arm(['cell-id'])

User expressions leave no trace: nothing in the namespace, the history, ``_`` or ``Out``, and the
execution count stays. The front end reads the number that is returned from its ``text/plain``, and
the sentence of an error from ``evalue`` (IPython makes an error ``sys.last_value``, as every one).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def arm(cells: list[str]) -> int:
    """Profile the next execution of each of these cells, as a bare ``%%cprofile`` would.

    ``cells`` are the front end's ids, which it sends with an execute request as ``cellId``. The
    extension is loaded if it is not yet, without a word, and takes no magic's name from anybody.

    Returns 1 when this call loaded the extension, else 0. Raises ``TypeError`` when ``cells`` is no
    list of texts, ``RuntimeError`` when no IPython shell runs here.
    """
    _check(cells)
    shell = _shell()
    if shell is None:
        raise RuntimeError("there is no IPython shell here, so no cell can be profiled")
    from .extension import install, loaded

    before = loaded(shell)
    extension = before or install(shell)
    extension.put_in()
    extension.asked.add(cells)
    return int(before is None)


def disarm(cells: list[str]) -> int:
    """Leave the next execution of these cells alone again.

    Returns how many of them had been armed and not executed, for instance because *Run All* stopped
    at an error. Raises ``TypeError`` when ``cells`` is no list of texts.
    """
    _check(cells)
    shell = _shell()
    if shell is None:
        return 0
    from .extension import loaded

    extension = loaded(shell)
    return extension.asked.drop(cells) if extension is not None else 0


def _check(cells: object) -> None:
    if not isinstance(cells, list) or not all(isinstance(cell, str) for cell in cells):
        raise TypeError(f"expected a list of cell ids, which are texts, not {cells!r}")


def _shell() -> InteractiveShell | None:
    core = sys.modules.get("IPython.core.getipython")
    shell: InteractiveShell | None = core.get_ipython() if core is not None else None
    return shell
