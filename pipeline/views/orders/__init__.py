"""Orders: the staff's pages, and what a customer sees."""
