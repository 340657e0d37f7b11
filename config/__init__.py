"""Django's project package: settings, addresses, the Celery application, roles.

It loads nothing: science that speaks by `config.words` runs where neither Django nor Celery is.
"""
