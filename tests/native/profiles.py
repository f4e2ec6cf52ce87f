"""What tests ask a native profile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from jupyterlab_profiler.derive import derive
from jupyterlab_profiler.model import Check, Profile


def stacks(profile: Profile) -> Iterator[tuple[tuple[int, ...], int]]:
    """Each call path, root first, as functions; and its own samples."""
    found: list[tuple[int, ...]] = []
    for row, (offset, function, samples) in enumerate(
        zip(
            profile.paths.ints("parent"),
            profile.paths.ints("function"),
            profile.paths.ints("self.samples"),
            strict=True,
        )
    ):
        found.append((*(found[row - offset] if offset else ()), function))
        yield found[-1], samples


def by_function(profile: Profile, column: str, thread: int | None = None) -> Counter[str]:
    """A column of the totals by qualified name."""
    totals, _ = derive(profile.paths, profile.metrics)
    found: Counter[str] = Counter()
    for function, of, value in zip(
        totals.ints("function"), totals.ints("thread"), totals.ints(column), strict=True
    ):
        if thread is None or of == thread:
            named = profile.functions[function]
            found[named.qualified or named.name] += value
    return found


def own_by_function(profile: Profile, metric: str) -> Counter[str]:
    """Own values of a metric by qualified name."""
    return by_function(profile, f"self.{metric}")


def lines_of(profile: Profile, label: str) -> dict[str, Counter[int]]:
    """Samples of each line of the file whose label begins or ends so: own ones and all."""
    found = {name: Counter[int]() for name in ("self.samples", "total.samples")}
    for row in range(profile.lines.rows):
        file = profile.files[profile.lines.ints("file")[row] - 1]
        if file.label.startswith(label) or file.path.endswith(label):
            for name, counter in found.items():
                counter[profile.lines.ints("line")[row]] += profile.lines.ints(name)[row]
    return found


def check(profile: Profile, name: str) -> Check:
    """The check of this id."""
    (found,) = [one for one in profile.checks if one.id == name]
    return found


def warnings(profile: Profile) -> dict[str, str]:
    """Texts of warnings by their codes."""
    return {warned.code: warned.text for warned in profile.meta.warnings}
