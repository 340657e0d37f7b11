"""Pages of one's own account, of all people, and the doors that links open."""
