"""Untrusted scans: the child that decodes them and the parent that watches it."""
