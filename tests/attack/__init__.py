"""Attacks on a site of its own, bounded and on loopback only: `make test-attack` runs the long ones."""
