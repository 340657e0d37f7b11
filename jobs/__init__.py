"""Durable background work: the row is the truth, a Celery message is a hint."""
