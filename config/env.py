"""Reads the environment and keeps the secret key; every setting is named in docs/settings.md."""

import os
import secrets
from pathlib import Path

import environ

from config.var_folder import not_adrift, private_folder

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR = not_adrift(Path(env.str("HEIRLOOM_VAR", default="") or ROOT / "var")).resolve()


def secret_key() -> str:
    """The key from SECRET_KEY, else one made once and kept in var/ for this machine alone."""
    if given := env.str("SECRET_KEY", default=""):
        return str(given)
    path = VAR / "secret_key"
    private_folder(VAR)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
        file.flush()
        os.fsync(file.fileno())
    return path.read_text().strip()
