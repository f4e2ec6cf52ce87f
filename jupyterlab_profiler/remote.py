"""What the front end calls in the kernel: profile cells without a change of their text.

The button *Profile cell* has the kernel evaluate :func:`arm` as a user expression of a silent,
empty execute request, lets JupyterLab run the cells as always, and has :func:`disarm` evaluated::

    __import__('jupyterlab_profiler.remote', fromlist=['arm']).arm(['cell-id'])

User expressions leave no trace: nothing in the namespace, the history, ``_`` or ``Out``, and the
execution count stays. The front end reads the number that is returned from its ``text/plain``, and
the sentence of an error from ``evalue`` (IPython makes an error ``sys.last_value``, as every one).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .cells import this_shell

if TYPE_CHECKING:
    from .options import Options


def arm(cells: list[str], line: str = "%%cprofile") -> int:
    """Profile the next execution of each of these cells, as this line at its top would.

    A cell with such a line of its own is profiled as that says.

    ``cells`` are the front end's ids, which it sends with an execute request as ``cellId``. The
    extension is loaded if it is not yet, without a word, and takes no magic's name from anybody.

    Returns 1 when this call loaded the extension, else 0. Raises ``TypeError`` when ``cells`` is no
    list of texts, ``ValueError`` for another line than one of a magic of ours with its options,
    ``RuntimeError`` when no IPython shell runs here.
    """
    return _ask(cells, _options(line))


def again(cells: list[str], line: str) -> int:
    """As :func:`arm`, and a line that a cell has at its top is passed over."""
    return _ask(cells, replace(_options(line), again=True))


def _ask(cells: list[str], options: Options) -> int:
    _check(cells)
    shell = this_shell()
    if shell is None:
        raise RuntimeError("there is no IPython shell here, so no cell can be profiled")
    from .extension import install, loaded

    before = loaded(shell)
    extension = before or install(shell)
    extension.put_in()
    extension.asked.add(cells, options)
    return int(before is None)


def disarm(cells: list[str]) -> int:
    """Leave the next execution of these cells alone again.

    Returns how many of them had been armed and not executed, for instance because *Run All* stopped
    at an error. Raises ``TypeError`` when ``cells`` is no list of texts.
    """
    _check(cells)
    shell = this_shell()
    if shell is None:
        return 0
    from .extension import loaded

    extension = loaded(shell)
    return extension.asked.drop(cells) if extension is not None else 0


def _options(line: str) -> Options:
    from IPython.core.error import UsageError

    from .options import parse

    magic, _, rest = line.partition(" ")
    if magic not in ("%%cprofile", "%%lprun", "%%native", "%%memory"):
        raise ValueError(f"expected the line of a cell magic of this package, not {line!r}")
    try:
        options = parse(rest, magic[2:])
    except UsageError as error:
        raise ValueError(str(error)) from None
    if options.statement:
        raise ValueError(f"a statement cannot be added to a cell: {options.statement!r}")
    return options


def _check(cells: object) -> None:
    if not isinstance(cells, list) or not all(isinstance(cell, str) for cell in cells):
        raise TypeError(f"expected a list of cell ids, which are texts, not {cells!r}")
