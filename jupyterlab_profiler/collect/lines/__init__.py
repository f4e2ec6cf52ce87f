"""Engines of line profiles: how often each line of chosen code ran, and what it took.

Pure of IPython, as the engines of call paths are.
"""
