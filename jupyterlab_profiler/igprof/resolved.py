"""Names of functions from the binaries, in the place of those in a dump: ``igprof-analyse -g``."""

from __future__ import annotations

import os
from collections import defaultdict

from ..formats.igprofdump import Dumps, Place, Symbol
from ..formats.stacks import NONE
from ..model import NativeObject
from ..symbols.binaries import Binaries
from ..symbols.elf import read_elf
from ..symbols.lookup import look_up
from ..symbols.tools import find_tool


def resolve(dumps: Dumps) -> None:
    """Name what dumps are at by the binaries at their paths; what is not found stays.

    A frame is the function that its code lies in, whatever was inlined there. Raises ``ValueError``
    where no tool is installed.
    """
    tool = find_tool()
    if tool is None:
        raise ValueError("-g needs llvm-symbolizer or addr2line, and neither is installed")
    has_called = bytearray(len(dumps.known))
    for parent in dumps.parents:
        if parent != NONE:
            has_called[dumps.places[parent]] = 1
    by_path: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, place in enumerate(dumps.known):
        path = dumps.symbols[place.symbol].path
        if path and place.address > 0:
            by_path[path][max(1, place.address - has_called[number])].append(number)
    # As that tool: a path that is relative is so to the folder that it is run in.
    search = Binaries([path for path in by_path if not os.path.isabs(path) and read_elf(path)])
    symbols = {symbol: number for number, symbol in enumerate(dumps.symbols)}
    for path, addresses in by_path.items():
        binary = search.find(NativeObject(path))
        for address, sites in look_up(tool, binary, sorted(addresses)):
            name = sites[-1].name
            if not name:
                continue
            symbol = symbols.setdefault(Symbol(name, path), len(dumps.symbols))
            if symbol == len(dumps.symbols):
                dumps.symbols.append(Symbol(name, path))
            for number in addresses[address]:
                dumps.known[number] = Place(symbol, dumps.known[number].address)
