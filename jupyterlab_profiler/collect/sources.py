"""The text of what ran, kept with the profile: a cell is edited, a file lies on another machine.

Of cells all that was typed; of files the functions that matter, as far as it is sure that the text
is what ran. A file that cannot be read, or not be trusted, is left out without a word: its text is
an extra.
"""

from __future__ import annotations

import re
from itertools import chain, zip_longest
from types import CodeType
from typing import TYPE_CHECKING

from ..model import File, Function, Source
from .filetext import FileText, Reader, runs_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .collector import CallRow
    from .files import Cells
    from .names import Names

#: Of cells, in characters.
CELLS_LIMIT = 200_000

#: Of files: how many functions by self time, and as many by total time.
FUNCTIONS = 40
#: Of packages, after the first so many: the share of all time, own or total, that makes a function
#: matter. In what takes less few look for time, and a notebook of many results is to open quickly.
FEW = 10
LEAST_SELF = 0.005
LEAST_TOTAL = 0.05
#: Of files, in characters: of the user's own, of packages and the standard library, which stay as
#: they are and are found again, and of one function, of which the first lines are kept.
FILES_LIMIT = 32_000
PACKAGES_LIMIT = 8_000
FUNCTION_LIMIT = 6_000
FUNCTION_LINES = 150

#: Of functions whose lines were counted, in characters: of all of them.
LINES_LIMIT = 400_000

_ORIGINS = ("file", "package", "stdlib")


def sources(
    files: list[File], functions: list[Function], totals: Mapping[int, CallRow], cells: Cells
) -> list[Source]:
    """Blocks of text, those of one file in order and apart.

    ``totals`` are rows by the index of their function.
    """
    found = [*_of_cells(files, cells), *_of_files(files, functions, totals)]
    return sorted(found, key=lambda source: (source.file, source.line))


def line_sources(
    names: Names, times_ns: Mapping[int, int], known: list[Source], cells: Cells
) -> list[Source]:
    """Blocks of text that hold the functions whose lines were counted, and those known before.

    ``times_ns`` of functions that ran, by their number: the dearest have their text first, then
    some of those that did not run.
    """
    reader = Reader()
    texts: dict[int, FileText | None] = {}
    wanted: dict[int, set[int]] = {}
    have = {
        (source.file, source.line + place)
        for source in known
        for place in range(source.text.count("\n") + (not source.text.endswith("\n")))
    }
    left = LINES_LIMIT
    rest = [function for function in names.codes if function not in times_ns]
    for function in (
        *sorted(times_ns, key=lambda function: -times_ns[function]),
        *rest[:FUNCTIONS],
    ):
        code, file = names.codes.get(function), names.functions[function].file
        if code is None or file is None or names.files[file].origin not in _ORIGINS:
            continue
        if file not in texts:
            texts[file] = reader.read(names.files[file].path)
        text = texts[file]
        if text is None:
            continue
        first = max(code.co_firstlineno, 1)
        lines = range(first, min(_last_line(code, len(text.lines)), len(text.lines)) + 1)
        if not lines or not _is_there(code, text, lines) or not reader.is_what_ran(code, text):
            continue
        more = {line for line in lines if (file, line) not in have}
        length = sum(len(text.lines[line - 1]) for line in more)
        if length <= left:
            left -= length
            wanted.setdefault(file, set()).update(more)
            have |= {(file, line) for line in more}
    cell_files = {source.file for source in known}
    found = [
        *known,
        *(source for source in _of_cells(names.files, cells) if source.file not in cell_files),
        *_texts_of(wanted, texts),
    ]
    return _joined(sorted(found, key=lambda source: (source.file, source.line)))


def _joined(ordered: list[Source]) -> list[Source]:
    """Blocks that follow each other without a gap as one."""
    joined: list[Source] = []
    for source in ordered:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.file == source.file
            and last.text.endswith("\n")
            and last.line + last.text.count("\n") == source.line
        ):
            joined[-1] = Source(last.file, last.line, last.text + source.text)
        else:
            joined.append(source)
    return joined


def _of_cells(files: list[File], cells: Cells) -> Iterator[Source]:
    import linecache

    length = 0
    for index, file in enumerate(files):
        if file.origin != "cell":
            continue
        text = cells.source(file.path) or "".join(linecache.getlines(file.path))
        length += len(text)
        if text and length <= CELLS_LIMIT:
            yield Source(index, 1, text)


def _of_files(
    files: list[File], functions: list[Function], totals: Mapping[int, CallRow]
) -> Iterator[Source]:
    """The hottest functions first; what does not fit into what is left is left out."""
    reader = Reader()
    texts: dict[int, FileText | None] = {}
    wanted: dict[int, set[int]] = {}
    left = {True: FILES_LIMIT, False: PACKAGES_LIMIT}
    for index, code in _hottest(files, functions, totals):
        file = functions[index].file
        assert file is not None  # noqa: S101 - _hottest says so
        if file not in texts:
            texts[file] = reader.read(files[file].path)
        text = texts[file]
        if text is None:
            continue
        lines = _lines(code, text)
        if not lines or not _is_there(code, text, lines) or not reader.is_what_ran(code, text):
            continue
        have = wanted.setdefault(file, set())
        length = sum(len(text.lines[line - 1]) for line in lines if line not in have)
        is_own = files[file].origin == "file"
        if length <= left[is_own]:
            left[is_own] -= length
            have.update(lines)
    yield from _texts_of(wanted, texts)


def _texts_of(
    wanted: Mapping[int, set[int]], texts: Mapping[int, FileText | None]
) -> Iterator[Source]:
    """The lines of files, as blocks without a gap."""
    for file, numbers in wanted.items():
        text = texts[file]
        if text is not None:
            for first, last in runs_of(numbers):
                yield Source(file, first, "".join(text.lines[first - 1 : last]))


def _hottest(
    files: list[File], functions: list[Function], totals: Mapping[int, CallRow]
) -> Iterator[tuple[int, CodeType]]:
    """Functions of files in turn: the first by self time, the first by total time, the second …."""
    known: dict[int, tuple[CodeType, CallRow]] = {}
    whole = sum(row.self_ns for row in totals.values())
    for index, row in totals.items():
        file = functions[index].file
        # What stands at a module's top level may be a password, and tells nobody where time went.
        if (
            isinstance(row.code, CodeType)
            and row.code.co_name != "<module>"
            and file is not None
            and files[file].origin in _ORIGINS
        ):
            known[index] = row.code, row
    by_self = sorted(known, key=lambda index: -known[index][1].self_ns)[:FUNCTIONS]
    by_total = sorted(known, key=lambda index: -known[index][1].total_ns)[:FUNCTIONS]
    few = {*by_self[:FEW], *by_total[:FEW]}
    in_turn = chain.from_iterable(zip_longest(by_self, by_total))
    for index in dict.fromkeys(index for index in in_turn if index is not None):
        code, row = known[index]
        file = functions[index].file
        is_own = file is not None and files[file].origin == "file"
        if is_own or index in few or _matters(row, whole):
            yield index, code


def _matters(row: CallRow, whole: int) -> bool:
    return row.self_ns >= LEAST_SELF * whole or row.total_ns >= LEAST_TOTAL * whole


def _lines(code: CodeType, text: FileText) -> range:
    """The lines of a function, decorators and inner functions included; its first ones if long."""
    first = max(code.co_firstlineno, 1)
    limit = min(first + FUNCTION_LINES - 1, len(text.lines))
    last, length = first - 1, 0
    for line in range(first, min(_last_line(code, limit), limit) + 1):
        length += len(text.lines[line - 1])
        if length > FUNCTION_LIMIT:
            break
        last = line
    return range(first, last + 1)


def _last_line(code: CodeType, enough: int) -> int:
    """The last line that code stands on, at least if it is below ``enough``."""
    last, found = code.co_firstlineno, [code]
    while found and last < enough:
        inner = found.pop()
        for line, end, _, _ in inner.co_positions():
            last = max(last, line or 0, end or 0)
        found += [constant for constant in inner.co_consts if isinstance(constant, CodeType)]
    return last


#: What the lines of a code object without a name of its own must hold.
_UNNAMED = {
    "<lambda>": r"\blambda\b",
    "<listcomp>": r"\bfor\b",
    "<setcomp>": r"\bfor\b",
    "<dictcomp>": r"\bfor\b",
    "<genexpr>": r"\bfor\b",
    "<module>": "",
}


def _is_there(code: CodeType, text: FileText, lines: range) -> bool:
    """Whether the function is defined in these lines.

    Code may carry the name of a file that it was not made of.
    """
    name = code.co_name
    pattern = _UNNAMED.get(name)
    if pattern is None:
        if not name.isidentifier():
            return False
        pattern = rf"\b(?:def|class)\s+{name}\b"
    return re.search(pattern, "".join(text.lines[lines.start - 1 : lines.stop - 1])) is not None
