"""A profile with the functions, files and lines that the addresses in its call paths are of."""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ..demangle import demangled
from ..model import Warned
from .binaries import Binaries
from .elf import Symbols
from .rebuilt import Rebuilt
from .texts import texts_of
from .tools import CHUNK, find_tool

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from ..model import NativeObject, Profile
    from .binaries import Binary
    from .rebuilt import Sites
    from .tools import Site, Tool

#: Of functions that the profile names, a binary of the same build has no more elsewhere than this
#: share.
_ELSEWHERE = 0.1
#: Ends of names that compilers and linkers add.
_ADDED = re.compile(r"(?:\.(?:constprop|isra|part|cold|lto_priv|llvm)\b.*|@.*)\Z", re.DOTALL)
#: What stands for a name where there is none: igprof's ``@{libc.so.6+1}``, and ``libc.so.6+0x1``.
_UNNAMED = re.compile(r"@|.*\+0x[\da-f]+\Z", re.DOTALL)
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
    by_offset = profile.meta.engine.name in _OFFSETS
    names = _names_at(profile, addresses)
    for number, places in wanted.items():
        fits = partial(_is_build, names.get(number, ()), by_offset=by_offset)
        binary = search.find(profile.objects[number], fits)
        if binary.elf is None:
            missing[number] = binary.reason
            continue
        found[number] = binary
        if tool is not None:
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
    places = ((address, _place(binary, address, by_offset)) for address in addresses)
    pairs = [(address, place) for address, place in places if place is not None]
    for first in range(0, len(pairs), CHUNK):
        chunk = pairs[first : first + CHUNK]
        answers = tool.ask(binary.path, [place for _, place in chunk])
        for (address, _), frames in zip(chunk, answers, strict=False):
            known = [site for site in frames if site.name or site.file]
            if known:
                yield address, known


def _place(binary: Binary, address: int, by_offset: bool) -> int | None:
    """Where an address is in a binary, by the addresses that it is linked for."""
    if binary.elf is None:
        return None
    base, end = binary.elf.base, binary.elf.end
    if by_offset:
        return binary.elf.address_of(address)
    if address + base < end:
        return address + base
    return address if base <= address < end else None  # of a program at a fixed place, as it is


def _names_at(profile: Profile, addresses: Sequence[int]) -> dict[int, set[tuple[int, str]]]:
    """Addresses with what the profile itself calls the function there, by object."""
    found: dict[int, set[tuple[int, str]]] = defaultdict(set)
    for number, address in zip(profile.paths.ints("function"), addresses, strict=True):
        function = profile.functions[number]
        name = function.qualified or function.name
        if address and function.object is not None and not _UNNAMED.match(name):
            found[function.object].add((address, name))
    return found


def _is_build(names: Collection[tuple[int, str]], binary: Binary, *, by_offset: bool) -> bool:
    """Whether a binary has functions where the profile names them; also where nothing tells."""
    if not names:
        return True
    symbols = Symbols(binary.path)
    compared = []
    for address, name in names:
        place = _place(binary, address, by_offset)
        there = set() if place is None else symbols.names(place)
        if there or symbols.is_full:
            compared.append((name, there))
    known = demangled(name for _, there in compared for name in map(_bare, there))
    elsewhere = sum(
        _bare(name) not in {known.get(one, one) for one in map(_bare, there)}
        and _bare(name) not in map(_bare, there)
        for name, there in compared
    )
    return elsewhere <= len(compared) * _ELSEWHERE


def _bare(name: str) -> str:
    return _ADDED.sub("", name)


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
