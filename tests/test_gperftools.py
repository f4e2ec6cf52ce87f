"""CPU profiles of gperftools 2.10 (`data/gperftools`), and what google-pprof printed of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hot_program import MATMUL, NAME, SOURCE, build, lines_of, symbols_of

from jupyterlab_profiler import load
from jupyterlab_profiler.formats import loads
from jupyterlab_profiler.symbols import symbolize
from jupyterlab_profiler.symbols.elf import read_elf


class TestGperftools:
    """Samples `gperftools/` by gperftools 2.10, with what google-pprof printed of them."""

    FOLDER = SOURCE.parents[1] / "gperftools"

    @pytest.mark.parametrize(
        ("name", "samples"), [("hot.gperf.prof", 309), ("mosaic.gperf.prof", None)]
    )
    def test_stacks_of_places_in_libraries(self, name: str, samples: int | None) -> None:
        profile = load(self.FOLDER / name)
        assert [(metric.id, metric.tick) for metric in profile.metrics] == [
            ("samples", 1), ("time", 10_000_000),
        ]  # fmt: skip
        whole = sum(profile.paths["self.samples"])
        assert samples in (None, whole)
        assert whole == sum(profile.paths["self.time"])
        assert profile.meta.warnings == []
        names = {function.name for function in profile.functions}
        assert any(name.startswith("libc.so.6+0x") for name in names)

    def test_addresses_are_places_in_the_file(self, tmp_path: Path) -> None:
        # Code that is linked for another place than it has in the file, as some linkers do.
        program = build(tmp_path, "-no-pie")
        start, _ = symbols_of(program)[MATMUL]
        elf = read_elf(program)
        assert elf is not None
        offset, address, _ = next(one for one in elf.segments if one[1] <= start < one[1] + one[2])
        places = [0x500000 + start - address + number for number in (0, 8)]
        maps = f"500000-600000 r-xp {offset:08x} 00:00 1 {program}\n"
        words = [0, 3, 0, 10_000, 0, *(word for place in places for word in (2, 1, place)), 0, 1, 0]
        data = b"".join(word.to_bytes(8, "little") for word in words) + maps.encode()
        profile = loads([("a.prof", data), ("b.prof", data)])
        assert sum(profile.paths["self.samples"]) == 8
        after = symbolize(profile)
        assert sum(lines_of(after, NAME).values()) > 0
        assert {function.name for function in after.functions} >= {NAME}

    def test_words_of_any_size_and_order_and_what_is_cut(self) -> None:
        for size in (4, 8):
            for order in ("little", "big"):
                words = [0, 3, 0, 5000, 0, 7, 2, 0x10, 0x20, 3, 0, 0, 1, 0]
                data = b"".join(word.to_bytes(size, order) for word in words)  # type: ignore[arg-type]
                profile = loads([("a", data)])
                assert sum(profile.paths["self.samples"]) == 7
                assert [warned.code for warned in profile.meta.warnings] == [
                    "incomplete", "empty-stacks",
                ]  # fmt: skip
                assert [one.name for one in profile.functions] == ["0x20", "0x10"]
                for end in range(5 * size, len(data) - 3 * size + 1):
                    cut = loads([("a", data[:end])])
                    assert cut.meta.warnings[0].code == "incomplete"
        huge = [0, 3, 0, 5000, 0, 1, 2**40]
        with pytest.raises(ValueError, match="a stack of at most"):
            loads([("a", b"".join(word.to_bytes(8, "little") for word in huge))])
