"""Renditions are made: the jobs, and the networks they open while they run."""
