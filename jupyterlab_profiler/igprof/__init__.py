"""What igprof's own tools made of profiles: reports of igprof-analyse, files for its navigator.

``counted`` is one counter of a call tree, of dumps or of any profile; ``renamed`` puts functions
together by other names; ``flat`` has the rows of a report, with callers and callees; ``text`` and
``stacktext`` print, ``navigator`` writes sqlite and JSON. ``options`` knows the options.
"""
