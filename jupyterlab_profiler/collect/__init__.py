"""Engines that measure.

One module an engine, behind the Protocol in :mod:`.collector`; :mod:`.choose` picks one.
"""
