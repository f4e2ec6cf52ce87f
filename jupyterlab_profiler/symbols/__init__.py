"""Addresses in programs and libraries: which function, file and line they are of.

``elf`` reads what identifies a binary, ``binaries`` finds it, ``tools`` asks llvm-symbolizer or
addr2line, ``lookup`` and ``rebuilt`` make another profile of the answers, ``texts`` keeps source
text with it.
"""

from __future__ import annotations

from .lookup import symbolize

__all__ = ["symbolize"]
