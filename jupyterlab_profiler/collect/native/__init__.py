"""Engines that see compiled code: they sample the process from outside.

``watcher.py`` runs beside the kernel and looks after the sampler, ``attach.py`` talks to it;
``choose.py`` takes an engine and says why; ``stacks.py`` reads what it wrote, ``build.py`` makes a
Profile of it. ``left.py`` does so for a script that died.
"""

#: Engines that can be asked for.
ENGINES = ("py-spy", "py-spy-nonblocking", "cprofile", "perf", "igprof")
