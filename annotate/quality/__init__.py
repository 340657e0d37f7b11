"""How well a mask is painted, and one mask out of many. No Django."""
