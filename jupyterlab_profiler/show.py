"""What becomes of a profile: shown, bound to names, written to files, as the options say."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from .collect.collector import hide
from .session import Muted

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.interactiveshell import InteractiveShell

    from .collect.files import Cells
    from .model import Profile
    from .options import Options
    from .session import Session


def deliver(
    shell: InteractiveShell,
    session: Session,
    options: Options,
    cells: Cells,
    show: bool = True,
) -> object:
    """Finish the session and do with its profile what the options say.

    Returns what ``-r`` asks for, else None; of a cell it is left in ``_``. A fault of ours never
    becomes an error of the cell: it is told in one line, and None is returned.
    """
    with Muted():
        try:
            profile = session.finish(options.view, cells)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not become the cell's
            _say(f"the profile is lost: {error!r}")
            return None
        returned = session.returned(profile) if options.returns else None
        use(shell, profile, options, returned, show)
        return returned


def use(
    shell: InteractiveShell,
    profile: Profile,
    options: Options,
    returned: object = None,
    show: bool = True,
) -> None:
    """Do with a profile what the options say. A fault is told in one line, and raises nothing.

    ``returned`` is what ``-r`` asks for: of a cell it is left in ``_``. An Interrupt ends what it
    strikes; all else is done. Raises it then, unless nothing is left for it to end: where the
    profile is of a whole cell, or its code has failed.
    """
    shell.user_ns["_profile"] = profile
    if options.name:
        shell.user_ns[options.name] = profile
    if options.total_time:
        shell.user_ns["_total_time_taken"] = (profile.meta.wall or 0) / 1e9
    uses: list[Callable[[], None]] = []
    if returned is not None and profile.meta.source.kind == "cell":
        uses.append(lambda: _leave_in_underscore(shell, returned))
    if show and not options.quiet:
        uses.append(lambda: _display(profile))
    uses.append(lambda: _write(profile, options))
    was_interrupted = False
    for one in uses:
        try:
            one()
        except Exception as error:  # noqa: BLE001 - a fault of ours; the profile is in _profile
            _say(str(error) or repr(error))
        except _Interrupted:
            was_interrupted = True
        except KeyboardInterrupt:
            was_interrupted = True
            _say("interrupted; the profile is in _profile")
    if was_interrupted and profile.meta.source.kind != "cell" and profile.meta.status == "ok":
        raise KeyboardInterrupt


hide(deliver, use)


def _say(text: str) -> None:
    print(f"jupyterlab_profiler: {text}", file=sys.stderr)


class _Interrupted(KeyboardInterrupt):
    """An Interrupt that has been told of."""


def _display(profile: Profile) -> None:
    from IPython.display import display

    try:
        display(profile)
    except KeyboardInterrupt:
        text = (
            "Interrupted while the result was made ready for the notebook: this is its text alone. "
            "The whole profile is in _profile.\n\n"
        )
        display({"text/plain": text + profile.text()}, raw=True)
        raise _Interrupted from None


def _leave_in_underscore(shell: InteractiveShell, value: object) -> None:
    """Make a value ``_``, as the displayhook does, but not ``Out[n]``: that is the cell's own."""
    hook: Any = shell.displayhook
    namespace = shell.user_ns
    names = ("_", "__", "___")
    if any(namespace.get(name) is not getattr(hook, name) for name in names):
        return  # the user has a variable of that name
    hook.___, hook.__, hook._ = hook.__, hook._, value
    namespace.update({name: getattr(hook, name) for name in names})


def _write(profile: Profile, options: Options) -> None:
    if options.text_file is not None:
        from .formats.files import write_whole

        write_whole(options.text_file, f"{profile.text(limit=None)}\n".encode())
        print(f"*** Profile printout saved to text file {_shown(options.text_file)}.")
    if options.dump_file is not None:
        if options.magic in ("profile_open", "memory", "native", "igprof"):
            from .formats import save

            save(profile, options.dump_file)
            print(f"*** Profile saved to file {_shown(options.dump_file)}.")
            return
        is_of_lines = options.magic.startswith("lprun") or options.dump_file.endswith(".lprof")
        if is_of_lines:
            from .formats.lprof import write_lprof

            write_lprof(profile, options.dump_file)
        else:
            from .formats.pstats import write_pstats

            write_pstats(profile, options.dump_file)
        how = "pickled" if is_of_lines else "marshalled"
        print(f"*** Profile stats {how} to file {_shown(options.dump_file)}.")


def _shown(path: str) -> str:
    try:
        here = os.getcwd() + os.sep
    except OSError:  # the code has removed its working directory
        here = os.sep
    return repr(path.removeprefix(here)) if here != os.sep else repr(path)
