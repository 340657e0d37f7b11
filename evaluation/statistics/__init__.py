"""From votes to a decision, in pure functions. No Django.

The digest on every vote is taken over this folder: a module that decides lies here.
"""
