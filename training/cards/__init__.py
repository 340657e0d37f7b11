"""Model cards: what stands in a weight file, checked before a site believes it."""
