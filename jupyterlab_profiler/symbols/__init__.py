"""Addresses in programs and libraries: which function, file and line they are of.

``elf`` reads what identifies a binary, ``binaries`` finds it, ``tools`` asks llvm-symbolizer or
addr2line, ``symbolize`` makes another profile of the answers, ``texts`` keeps source text with it.
"""

from __future__ import annotations

from .symbolize import symbolize

__all__ = ["symbolize"]
