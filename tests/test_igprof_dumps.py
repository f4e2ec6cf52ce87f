"""Dumps that are damaged, or made to harm, and the way that most lines are read."""

from __future__ import annotations

import gzip
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from igprof_samples import IGPROF, dumps_of, full_text, of_text

from jupyterlab_profiler.__main__ import main
from jupyterlab_profiler.formats.contents import Contents
from jupyterlab_profiler.formats.igprof import read_dumps
from jupyterlab_profiler.igprof.counted import counted
from jupyterlab_profiler.igprof.flat import flat_of


class TestHostileDumps:
    def test_a_line_of_many_ends_is_read_in_one_go(self) -> None:
        # A pattern that goes back would look at each pair of them: 10**11.
        line = "C1 FN0=(F0=(" + ")+1 N=(" * 300_000
        with pytest.raises(ValueError, match="no node can be read"):
            of_text(f"P=(HEX ID=1 N=(a) T=0.1)\n{line}\n")

    @given(st.data())
    def test_any_bytes_are_read_or_refused(self, data: st.DataObject) -> None:
        whole = (IGPROF / "hot.plain.pp").read_bytes()[:3000]
        at = data.draw(st.integers(0, len(whole) - 1))
        end = data.draw(st.integers(at, min(len(whole), at + 40)))
        broken = whole[:at] + data.draw(st.binary(max_size=8)) + whole[end:]
        try:
            found = counted(read_dumps([Contents("a", broken)]))
        except ValueError as error:
            assert " " in str(error)  # noqa: PT017
            return
        flat = flat_of(found)
        assert flat.total == sum(found.values)
        assert all(line.isprintable() for line in full_text(found).splitlines())

    def test_a_number_that_is_defined_anew_is_the_new_function(self) -> None:
        text = (
            "P=(HEX ID=1 N=(a) T=0.1)\nC1 FN0=(F0=(a)+1 N=(f))+1 V0=(PERF_TICKS):(1,1,1)\n"
            "C1 FN0+1 V0:(1,1,1)\nC1 FN0=(F0+2 N=(g))+1 V0:(1,1,1)\nC1 FN0+1 V0:(1,1,1)\n"
            "C1 FN0+1 V0=(OTHER):(7,7,7)\nC1 FN0+1 V0:(7,7,7)\n"
        )
        rows = {row.name: row.own for row in flat_of(of_text(text)).rows}
        assert rows == {"<spontaneous>": 0, "f": 2, "g": 2}
        assert flat_of(of_text(text, counter="OTHER")).total == 14

    def test_a_deep_stack_is_no_matter(self) -> None:
        lines = "".join(f"C{depth:x} FN0+1\n" for depth in range(2, 20_000))
        text = (
            f"P=(HEX ID=1 N=(a) T=0.1)\nC1 FN0=(F0=(a)+1 N=(f))+1\n{lines}"
            "C4e20 FN1=(F0+2 N=(g))+1 V0=(PERF_TICKS):(1,1,1)\n"
        )
        rows = flat_of(of_text(text)).rows
        assert len(rows) == 20_001 and rows[-1].name == "g"

    def test_what_would_be_too_much_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        # A long name stands in each row of its recursion, and in the tree beside each bar.
        path = str(IGPROF / "hot.pp.gz")
        for place, size, told in (
            ("igprof.flat._MOST_CHARACTERS", 5000, "names of this report are too long"),
            ("igprof.command._MOST_CHARACTERS", 50_000, "more than 50000 characters"),
            ("formats.igprofdump._MOST_LINES", 100, "more than 100 nodes"),
        ):
            with monkeypatch.context() as patch:
                patch.setattr(f"jupyterlab_profiler.{place}", size)
                assert main(["show", path]) == 1
                assert told in capsys.readouterr().err
        assert main(["show", path]) == 0

    def test_ticks_of_two_lengths_are_not_added(self) -> None:
        one = "P=(HEX ID=1 N=(a) T=0.{})\nC1 FN0=(F0=(a)+1 N=(f))+1 V0=(PERF_TICKS):(1,1,1)\n"
        with pytest.raises(ValueError, match=r"ticks of 0.1 s and 0.2 s cannot be added"):
            of_text(one.format(1) + one.format(2))

    def test_plain_lines_are_read_as_any_others(self) -> None:
        # A blank line makes nothing else of a dump, but each line behind it is looked at anew.
        for name in ("hot.pp.gz", "hot.mp.gz", "mosaic.fd.gz"):
            found = dumps_of(name)
            data = gzip.decompress((IGPROF / name).read_bytes())
            # Numbers that begin with 0 are none that igprof writes, and mean the same.
            longer = re.sub(rb" FN([0-9a-f]+)\+", rb" FN000000000000\1+", data)
            slow = read_dumps([Contents("a", longer)])
            assert list(slow.parents) == list(found.parents)
            assert [slow.known[place] for place in slow.places] == [
                found.known[place] for place in found.places
            ]
            for counter, values in found.counters.items():
                assert vars(slow.counters[counter]) == vars(values)
