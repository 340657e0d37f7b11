"""What is kept of a person: to be taken home, and to be forgotten."""
