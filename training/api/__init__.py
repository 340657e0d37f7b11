"""Versions and runs over the REST API."""
