"""The product's settings with a fast hasher, plain static files and a throw-away var/."""

import atexit
import os
import shutil
import tempfile

# Set before the product's settings read it: one folder for each test process and what it starts.
FOLDER = f"heirloom-tests-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}-"
if FOLDER not in os.environ.get("HEIRLOOM_VAR", ""):
    os.environ["HEIRLOOM_VAR"] = tempfile.mkdtemp(prefix=FOLDER)
    atexit.register(shutil.rmtree, os.environ["HEIRLOOM_VAR"], ignore_errors=True)
os.environ.setdefault("SQLITE_SYNCHRONOUS", "OFF")  # as os.fsync in tests/conftest.py

from config.settings import *  # noqa: E402, F403
from config.settings import CACHES, DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
CACHES["default"]["KEY_PREFIX"] = FOLDER  # make test-services has one Redis for all processes
AXES_ENABLED = False
DISK_RESERVE_BYTES = 0  # a test says itself how full its disk is
# Views run work at once where a test says so; no hint leaves the process otherwise.
CELERY_BROKER_URL = "memory://"
JOB_HEARTBEAT_SECONDS = 0.5
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A real file, shared by the live server's threads and the heartbeat's own connection.
    DATABASES["default"]["TEST"] = {
        "NAME": os.path.join(os.environ["HEIRLOOM_VAR"], "test.sqlite3")
    }
