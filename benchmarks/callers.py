"""Who is said to have called a function, in a live kernel: plain cProfile against this package.

    python benchmarks/callers.py

A kernel of this Python runs cells in which ``user_cell`` calls ``user_inner`` 200 times, first
under a plain ``cProfile.Profile``, then under ``%%cprofile``. The table tells how many of the 200
calls are filed under another caller.
"""

from __future__ import annotations

import platform
import queue
import sys

from jupyter_client.manager import KernelManager

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


def main() -> None:
    manager = KernelManager(kernel_name="python3")
    manager.kernel_spec.argv[0] = sys.executable
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)

    def run(code: str) -> str:
        message = client.execute(code)
        text = ""
        while True:
            try:
                answer = client.get_iopub_msg(timeout=60)
            except queue.Empty:
                raise SystemExit("the kernel does not answer") from None
            if answer["parent_header"].get("msg_id") != message:
                continue
            content = answer["content"]
            if answer["msg_type"] == "stream":
                text += content["text"]
            elif answer["msg_type"] == "error":
                raise SystemExit("\n".join(content["traceback"]))
            elif content.get("execution_state") == "idle":
                return text.rpartition("ANSWER")[2].strip()

    try:
        run(SET_UP)
        run("%load_ext jupyterlab_profiler")
        print(f"Python {platform.python_version()}: calls of 200 filed under another caller")
        print(f"{'cell':24}{'plain cProfile':>16}{'this package':>16}")
        for label, body in BODIES.items():
            plain = run(PLAIN.format(body=body))
            run(OURS.format(body=body))
            print(f"{label:24}{plain:>16}{run(OURS_ANSWER):>16}")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    main()
