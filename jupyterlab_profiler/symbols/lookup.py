"""A profile with the functions, files and lines that the addresses in its call paths are of."""

from __future__ import annotations

from array import array
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from ..model import Warned
from .binaries import Binaries
from .rebuilt import Rebuilt
from .texts import texts_of
from .tools import CHUNK, find_tool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..model import NativeObject, Profile
    from .binaries import Binary
    from .rebuilt import Sites
    from .tools import Site, Tool

#: Engines whose addresses are places in the file, as the memory map tells them.
_OFFSETS = ("gperftools",)


def symbolize(
    profile: Profile, *, binaries: Sequence[str] = (), folders: Sequence[str] = ()
) -> Profile:
    """The profile with names, files and lines of its addresses, and inlined frames.

    Binaries are those that are named, those in the folders, by build id or else by name, and those
    where the profile says that they were. What is not found stays as it is, and a warning tells
    why. The lines are in ``lines``, and the text of their files in ``sources`` where they are here.
    Raises ``ValueError`` for a binary or a folder that cannot be read.

    >>> symbolize(load("igprof.pp.gz"), folders=["/srv/other-machine/lib"])  # doctest: +SKIP
    """
    search = Binaries(binaries, folders)
    addresses = addresses_of(profile)
    wanted = _wanted(profile, addresses)
    tool = find_tool()
    found: dict[int, Binary] = {}
    missing: dict[int, str] = {}
    sites: Sites = {}
    for number, places in wanted.items():
        binary = search.find(profile.objects[number])
        if binary.elf is None:
            missing[number] = binary.reason
            continue
        found[number] = binary
        if tool is not None:
            by_offset = profile.meta.engine.name in _OFFSETS
            found_sites = look_up(tool, binary, sorted(places), by_offset=by_offset)
            sites.update(((number, address), frames) for address, frames in found_sites)
    result = Rebuilt(profile, addresses, sites).profile()
    result.objects = [
        _known_as(one, found.get(number)) for number, one in enumerate(profile.objects)
    ]
    result.sources = texts_of(result, {number: binary.path for number, binary in found.items()})
    told = _remarks(profile.objects, wanted, sites, missing, tool)
    codes = {warned.code for warned in told} | {"no-symbols"}
    kept = [warned for warned in profile.meta.warnings if warned.code not in codes]
    result.meta = replace(profile.meta, warnings=[*kept, *told])
    return result


def addresses_of(profile: Profile) -> Sequence[int]:
    """Of each row the address to look up; 0 for one of which more is known, or none.

    Of a frame that called another one it is the byte before: where it goes on may be the next line.
    """
    paths = profile.paths
    parents, numbers = paths.ints("parent"), paths.ints("function")
    inlined = paths.ints("inlined")
    is_open = [
        function.object is not None and function.file is None for function in profile.functions
    ]
    addresses = array("q", bytes(8 * paths.rows))
    has_called = bytearray(paths.rows)
    is_told = bytearray(inlined)
    for row, offset in enumerate(parents):
        if offset:
            has_called[row - offset] = 1
            # What lies in it is there: its address has been looked up.
            is_told[row - offset] |= bool(inlined[row])
    for row, address in enumerate(paths.ints("address")):
        if address > 0 and is_open[numbers[row]] and not is_told[row]:
            addresses[row] = max(1, address - has_called[row])
    return addresses


def _wanted(profile: Profile, addresses: Sequence[int]) -> dict[int, set[int]]:
    """Addresses by the number of their object."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for number, address in zip(profile.paths.ints("function"), addresses, strict=True):
        place = profile.functions[number].object
        if address and place is not None:
            wanted[place].add(address)
    return wanted


def look_up(
    tool: Tool, binary: Binary, addresses: Sequence[int], *, by_offset: bool = False
) -> Iterator[tuple[int, list[Site]]]:
    """What is at addresses that count from where the binary was loaded, innermost frame first.

    ``by_offset``: they are places in the file instead.
    """
    if binary.elf is None:
        return
    base, end = binary.elf.base, binary.elf.end
    pairs = []
    for address in addresses:
        if by_offset:
            place = binary.elf.address_of(address)
            if place is not None:
                pairs.append((address, place))
        elif address + base < end:
            pairs.append((address, address + base))
        elif base <= address < end:  # of a program at a fixed place, as it is
            pairs.append((address, address))
    for first in range(0, len(pairs), CHUNK):
        chunk = pairs[first : first + CHUNK]
        answers = tool.ask(binary.path, [place for _, place in chunk])
        for (address, _), frames in zip(chunk, answers, strict=False):
            known = [site for site in frames if site.name or site.file]
            if known:
                yield address, known


def _known_as(one: NativeObject, binary: Binary | None) -> NativeObject:
    if binary is None or binary.elf is None:
        return one
    return replace(one, build_id=one.build_id or binary.elf.build_id)


def _remarks(
    objects: Sequence[NativeObject],
    wanted: Mapping[int, set[int]],
    sites: Sites,
    missing: Mapping[int, str],
    tool: Tool | None,
) -> list[Warned]:
    """What could not be found out, and why."""
    if not wanted:
        return []
    if tool is None:
        return [
            Warned(
                "no-symbols",
                "Neither llvm-symbolizer nor addr2line is installed: functions are told by library "
                "and address. Once one is there, `python -m jupyterlab_profiler symbolize` names "
                "them.",
            )
        ]
    told = []
    unsure = [
        objects[number].path
        for number in wanted
        if number not in missing and not objects[number].build_id
    ]
    if unsure:
        text = (
            "The profile does not tell which build of its libraries ran. Names are of those that "
            f"were found now: {_listed(unsure)}."
        )
        told.append(Warned("symbols-unsure", text))
    if not tool.is_exact:
        text = (
            "addr2line named the functions. It gives inlined ones the name of the function that "
            "they are in; llvm-symbolizer would not."
        )
        told.append(Warned("symbols-addr2line", text))
    reasons: dict[str, list[str]] = defaultdict(list)
    for number, reason in missing.items():
        reasons[reason].append(objects[number].path)
    for number, addresses in wanted.items():
        if number in missing:
            continue
        known = [sites[number, address] for address in addresses if (number, address) in sites]
        if not known:
            reasons["has no symbols: it was stripped"].append(objects[number].path)
        elif not any(frames[0].line for frames in known):
            reasons["has names and no lines: it was built without -g, or stripped of them"].append(
                objects[number].path
            )
    if reasons:
        parts = [f"{_listed(paths)} {reason}" for reason, paths in reasons.items()]
        told.append(Warned("no-symbols", f"Not all addresses could be named: {'; '.join(parts)}."))
    return told


def _listed(paths: Sequence[str]) -> str:
    shown = ", ".join(paths[:5])
    return f"{shown} and {len(paths) - 5} more" if len(paths) > 5 else shown
