"""What this site is made of: release, packages, database, broker, files, and what restores here."""

from collections.abc import Iterator
from importlib.metadata import version
from platform import python_version
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from config.version import VERSION
from pipeline.services.rendering.model_loading import measured
from training.models import ModelVersion, Promotion, Stage

PACKAGES = ("Django", "torch", "onnxruntime", "numpy")
Line = tuple[str, str]  # what, and what it is


def lines() -> Iterator[Line]:
    """In the order in which somebody who helps from afar asks."""
    yield "Heirloom", VERSION
    yield "Python", python_version()
    for name in PACKAGES:
        yield name, version(name)
    yield "database", _database()
    yield "broker", _broker()
    yield "cache", _class(settings.CACHES["default"])
    yield "files", _class(settings.STORAGES["default"])
    current = Promotion.objects.in_production()
    for stage in Stage.values:
        row = current.get(stage)
        yield stage, _restorer(row.version) if row else "nothing in production"


def _class(backend: dict[str, str]) -> str:
    return backend["BACKEND"].rsplit(".", 1)[-1]


def _database() -> str:
    number = ".".join(str(part) for part in connection.get_database_version())
    return f"{connection.display_name} {number}"


def _broker() -> str:
    """Kind and host alone: the address may hold a password."""
    parts = urlsplit(settings.CELERY_BROKER_URL)
    if settings.EMBEDDED:
        return "embedded (a SQLite file)"
    return f"{parts.scheme} on {parts.hostname}"


def _restorer(production: ModelVersion) -> str:
    """Name, engine on this host, and the whole digest, so that two sites can be compared."""
    if production.builtin:
        return f"{production.name}, without weights"
    if production.is_imported:
        return f"{production.name}, imported, sha256 {production.weights_sha256}"
    chosen = measured(production)
    engine = f"on {chosen.engine}" if chosen else "not measured on this host"
    return f"{production.name}, {engine}, sha256 {production.weights_sha256}"
