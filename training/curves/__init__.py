"""A run's numbers as files that other programs read: pure, no Django."""
