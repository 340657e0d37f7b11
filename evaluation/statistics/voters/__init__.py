"""Who votes carefully, and how far they agree."""
