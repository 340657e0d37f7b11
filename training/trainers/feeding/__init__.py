"""How samples reach the loop: drawn by a thread or by worker processes, from unpacked pictures."""
