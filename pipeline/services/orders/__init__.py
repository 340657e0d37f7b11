"""Orders: what is handed over to a customer."""
