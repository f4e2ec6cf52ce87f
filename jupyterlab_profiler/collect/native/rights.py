"""Why one process may not look into another here, and what would allow it."""

from __future__ import annotations

import errno
import os

_YAMA = "/proc/sys/kernel/yama/ptrace_scope"
_STATUS = "/proc/self/status"


def ptrace_reason(number: int = errno.EPERM, *, yama: str = _YAMA, status: str = _STATUS) -> str:
    """A sentence without its full stop: what refuses ptrace, and what would allow it."""
    if number == errno.ENOSYS:
        return "this system has no ptrace (a sandbox such as gVisor): nothing here can change that"
    scope, seccomp = _number(_read(yama)), _number(_field(_read(status), "Seccomp"))
    if scope == 3:
        return (
            "ptrace is forbidden to all (kernel.yama.ptrace_scope is 3): set it to 1 and restart "
            "the machine"
        )
    if scope == 2:
        return (
            "ptrace is left to administrators (kernel.yama.ptrace_scope is 2): sudo sysctl "
            "kernel.yama.ptrace_scope=1, or give Python the capability SYS_PTRACE"
        )
    if seccomp:
        return (
            "ptrace is not permitted in this container (a seccomp filter refuses it): start the "
            "container with --cap-add SYS_PTRACE, or with a seccomp profile that allows ptrace"
        )
    if scope == 1:
        return (
            "ptrace was refused although this process allowed it (kernel.yama.ptrace_scope is 1): "
            "sudo sysctl kernel.yama.ptrace_scope=0, or give Python the capability SYS_PTRACE"
        )
    return (
        f"ptrace is not permitted here ({os.strerror(number)}): the capability SYS_PTRACE would "
        "allow it"
    )


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(65536)
    except OSError:
        return ""


def _field(text: str, name: str) -> str:
    for line in text.splitlines():
        key, _, value = line.partition(":")
        if key == name:
            return value
    return ""


def _number(text: str) -> int:
    return int(text) if text.strip().isdecimal() else 0
