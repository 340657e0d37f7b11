"""Documents too large to be held: read item by item, in a process of their own."""
