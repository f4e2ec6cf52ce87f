"""What ``show`` and ``analyse`` print of dumps of igprof, and of other profiles with call paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .counted import Limits, counted, counted_of, difference, negated
from .flat import flat_of
from .navigator import json_text, sqlite_text
from .renamed import by_ancestors, by_library, by_patterns
from .stacktext import top_text, tree_text
from .text import Columns, report

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable

    from ..formats.igprofdump import Dumps
    from ..model import Profile
    from .counted import Counted
    from .flat import Flat

#: Of what is printed. A name may be long, and stand in many lines.
_MOST_CHARACTERS = 1 << 29
_LIMITS = ("min_value", "max_value", "min_count", "max_count", "min_average", "max_average")


def text_of(one: Counted, baseline: Counted | None, options: argparse.Namespace) -> str:
    """What the options ask for. ``kind`` of them: text, sqlite or json."""
    before: Flat | None = None
    one = _renamed(one, options)
    if baseline is not None:
        baseline = _renamed(baseline, options)
        one, before = difference(one, baseline), flat_of(negated(baseline))
    elif options.diff:
        raise ValueError("a difference needs a baseline: -b FILE")
    if options.tree or options.top:
        return _joined(tree_text(one) if options.tree else top_text(one, options.top))
    flat = flat_of(one)
    kind = getattr(options, "kind", None)
    if kind in ("sqlite", "json"):
        write: Callable[..., str] = sqlite_text if kind == "sqlite" else json_text
        return write(one, flat, before if options.diff else None)
    columns = Columns(options.calls, options.paths, options.libs)
    return _joined(report(one, flat, columns, baseline=before, diff=options.diff))


def _joined(lines: Iterable[str]) -> str:
    found, left = [], _MOST_CHARACTERS
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            raise ValueError(f"the text would have more than {_MOST_CHARACTERS} characters")
        found.append(f"{line}\n")
    return "".join(found)


def of_dumps(dumps: Dumps, options: argparse.Namespace, *, is_baseline: bool = False) -> Counted:
    """The counter that is asked for. Limits are not for a baseline."""
    limits = Limits(**{name: getattr(options, name) for name in _LIMITS})
    return counted(
        dumps,
        options.counter,
        peak=options.value == "peak",
        filters=not options.no_filters,
        limits=None if is_baseline or limits == Limits() else limits,
    )


def of_profile(profile: Profile, options: argparse.Namespace) -> Counted:
    """The counter that is asked for, of a profile that is no dump of igprof."""
    if (
        options.no_filters
        or options.gdb
        or options.value == "peak"
        or any(getattr(options, name) for name in _LIMITS)
    ):
        raise ValueError("-g, --value, --no-filters and limits are for dumps of igprof")
    return counted_of(profile, options.counter)


def _renamed(one: Counted, options: argparse.Namespace) -> Counted:
    if options.merge_libraries:
        one = by_library(one)
    if options.rename:
        one = by_patterns(one, options.rename)
    return by_ancestors(one, options.ancestors) if options.ancestors else one
