"""What kind of profile a file holds, told by its content."""

from __future__ import annotations

from . import collapsed, gperftools, igprof, json, lprof, perfscript, pstatsfile, speedscope
from .badfile import BadFileError, shown
from .contents import Contents, Kind
from .elsewhere import UNREAD, kind_elsewhere

#: In the order in which they are asked: what looks closest comes first.
KINDS = (
    Kind("json", "a profile that this package saved as .json", json.sniff, json.read),
    Kind("speedscope", "speedscope's JSON", speedscope.sniff, speedscope.read),
    Kind("lprof", "a file of line_profiler", lprof.sniff, lprof.read_files),
    Kind("pstats", "a file of cProfile", pstatsfile.sniff, pstatsfile.read),
    Kind("igprof", "a dump of igprof", igprof.sniff, igprof.read),
    Kind("perf", "text of perf script", perfscript.sniff, perfscript.read),
    Kind("gperftools", "a CPU profile of gperftools", gperftools.sniff, gperftools.read),
    Kind("collapsed", "collapsed stacks", collapsed.sniff, collapsed.read),
)

_KNOWN = (
    "a file of cProfile, of line_profiler, of igprof, of gperftools or of speedscope, text of perf "
    "script, collapsed stacks, or a profile that this package saved as .json"
)


def recognized(path: str, data: bytes) -> tuple[Contents, Kind]:
    """A file, parsed if it is JSON, and its kind. Raises :class:`BadFileError`."""
    file = Contents(path, data)
    is_json = _may_be_json(data)
    if is_json:
        file = Contents(path, data, json.parse(data))
    for kind in KINDS:
        if kind.sniff(file):
            return file, kind
    if other := kind_elsewhere(file):
        where = "nobody reads here" if other in UNREAD else "JupyterLab opens and Python does not"
        raise BadFileError(0, f"this is a {other}, which {where}")
    found = "an empty file" if not data else f"one that begins with {shown(data[:16])}"
    raise BadFileError(0, f"{_KNOWN} was expected, not {'other JSON' if is_json else found}")


def _may_be_json(data: bytes) -> bool:
    """Whether a file begins as JSON does. A marshalled dict does, too, but for what follows."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] == b"[":
        return head[1:].lstrip()[:1] in (b"{", b"]", b"[")
    return head[:1] == b"{" and head[1:].lstrip()[:1] in (b'"', b"}", b"")
