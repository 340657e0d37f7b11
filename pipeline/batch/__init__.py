"""Many photographs at once, from the command line."""
