"""The product's settings with a fast hasher, plain static files and a throw-away var/."""

import os
import tempfile

# Set before the product's settings read it; one folder a test process.
if "PYTEST_XDIST_WORKER" in os.environ or "HEIRLOOM_VAR" not in os.environ:
    os.environ["HEIRLOOM_VAR"] = tempfile.mkdtemp(prefix="heirloom-tests-")

from config.settings import *  # noqa: F403
from config.settings import DATABASES, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
AXES_ENABLED = False
# Views run work at once where a test says so; no hint leaves the process otherwise.
CELERY_BROKER_URL = "memory://"
JOB_HEARTBEAT_SECONDS = 0.5
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A real file, shared by the live server's threads and the heartbeat's own connection.
    DATABASES["default"]["TEST"] = {
        "NAME": os.path.join(os.environ["HEIRLOOM_VAR"], "test.sqlite3")
    }
