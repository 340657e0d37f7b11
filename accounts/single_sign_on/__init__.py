"""Signing in through a provider of OpenID Connect, where the site names one."""
