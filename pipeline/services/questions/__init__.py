"""What was found and left, asked on the result page, and what becomes of the answers."""
