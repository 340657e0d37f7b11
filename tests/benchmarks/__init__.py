"""Benchmarks: each prints a figure of ours beside a named alternative from the same run."""
