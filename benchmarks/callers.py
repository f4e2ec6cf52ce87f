"""Who is said to have called a function, in a live kernel: plain cProfile against this package.

    python benchmarks/callers.py [--json]

A kernel of this Python runs cells in which ``user_cell`` calls ``user_inner`` 200 times, first
under a plain ``cProfile.Profile``, then under ``%%cprofile``. The table tells how many of the 200
calls are filed under another caller.
"""

from __future__ import annotations

import argparse
import platform

from common import print_json, running_kernel

SET_UP = """
import cProfile, time
def user_inner(i): return [i] * 3
def user_cell(each):
    for i in range(200):
        user_inner(i)
        each(i)
def misfiled(edges):
    return 200 - sum(count for caller, callee, count in edges
                     if (caller, callee) == ("user_cell", "user_inner"))
def name(code): return code if isinstance(code, str) else code.co_name
"""
PLAIN = """
p = cProfile.Profile()
p.enable()
{body}
p.disable()
print("ANSWER", misfiled([(name(e.code), name(s.code), s.callcount)
                          for e in p.getstats() for s in e.calls or ()]))
"""
OURS = "%%cprofile -q\n{body}"
OURS_ANSWER = """
t, f = _profile.edges, _profile.functions
print("ANSWER", misfiled([(f[a].name, f[b].name, n) for a, b, n in
                          zip(t["caller"], t["callee"], t["self.calls"])]))
"""
BODIES = {
    "compute only": "user_cell(lambda i: sum(range(5000)))",
    "print each turn": "user_cell(print)",
    "sleep 1 ms each turn": "user_cell(lambda i: time.sleep(0.001))",
}


def measure() -> dict[str, dict[str, int]]:
    table = {}
    with running_kernel() as kernel:

        def answer(code: str) -> int:
            return int(kernel.run(code).text.rpartition("ANSWER")[2])

        kernel.run(SET_UP)
        kernel.run("%load_ext jupyterlab_profiler")
        for label, body in BODIES.items():
            plain = answer(PLAIN.format(body=body))
            kernel.run(OURS.format(body=body))
            table[label] = {"plain cProfile": plain, "this package": answer(OURS_ANSWER)}
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    arguments = parser.parse_args()
    table = measure()
    if arguments.json:
        print_json({"python": platform.python_version(), "misfiled": table})
        return
    print(f"Python {platform.python_version()}: calls of 200 filed under another caller")
    print(f"{'cell':24}{'plain cProfile':>16}{'this package':>16}")
    for label, counts in table.items():
        print(f"{label:24}" + "".join(f"{count:16}" for count in counts.values()))


if __name__ == "__main__":
    main()
