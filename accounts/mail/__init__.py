"""Notices for people, digests of them, and letters with their outbox."""
