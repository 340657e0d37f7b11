"""A whole site on PostgreSQL and Redis with a crowd on it: for the chaos test and the load bench."""
