"""What an admin does with people: asks them in, gives roles, closes accounts."""
