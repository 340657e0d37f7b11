"""The provider on loopback for every test of people."""

from tests.accounts.made_provider import provider, server  # noqa: F401
