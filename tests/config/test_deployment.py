"""Production settings: Django's own deployment check is clean, and demo mode is off."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def manage(tmp_path, *arguments, **variables):
    environment = {"HEIRLOOM_VAR": str(tmp_path), "PATH": os.environ["PATH"], **variables}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_the_deployment_check_is_clean(tmp_path):
    done = manage(
        tmp_path,
        "check",
        "--deploy",
        "--fail-level",
        "INFO",
        SECRET_KEY="k3y-" * 20 + "abcdefghijklmnop",
        HTTPS="1",
        ALLOWED_HOSTS="photos.example.org",
    )
    assert done.returncode == 0, done.stderr


def test_letters_to_a_folder_go_where_the_address_says(tmp_path):
    code = "from django.conf import settings; print(settings.EMAIL_FILE_PATH)"
    said = manage(tmp_path, "shell", "-c", code, EMAIL_URL=f"filemail://{tmp_path}/mail").stdout
    assert f"{tmp_path}/mail\n" in said


def test_a_production_setting_ends_demo_mode(tmp_path):
    code = "from django.conf import settings; print(settings.DEMO)"
    assert (
        "False" in manage(tmp_path, "shell", "-c", code, ALLOWED_HOSTS="photos.example.org").stdout
    )
    assert "True" in manage(tmp_path, "shell", "-c", code).stdout


def test_no_migration_is_missing(tmp_path):
    done = manage(tmp_path, "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout


def test_the_secret_key_is_made_once_and_private(tmp_path):
    manage(tmp_path, "check")
    key = tmp_path / "secret_key"
    first = key.read_text()
    manage(tmp_path, "check")
    assert key.read_text() == first
    assert key.stat().st_mode & 0o777 == 0o600


def test_demo_accounts_need_a_word_on_a_public_address(tmp_path):
    done = manage(tmp_path, "up", "--host", "0.0.0.0")
    assert done.returncode != 0
    assert "--demo" in done.stderr
