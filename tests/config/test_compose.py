"""compose.yaml: every command is one of ours, every variable a setting, and compose itself agrees."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from jobs.management.commands.up import Command, children

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: of for name, of in SERVICES.items() if of["image"].startswith("heirloom")}
SECRETS = dict.fromkeys(("SECRET_KEY", "POSTGRES_PASSWORD", "S3_SECRET"), "a-secret-1")


@pytest.mark.parametrize("name", OURS)
def test_each_command_is_one_that_the_site_knows(name):
    command, *arguments = OURS[name]["command"]
    assert command == "up"
    given = Command().create_parser("manage.py", "up").parse_args(arguments)
    assert given.no_demo
    if not given.prepare_only:
        (child,) = children(given.only, given.host, given.port)
        assert child.name == name.removeprefix("worker-").removesuffix("-gpu")


def test_all_parts_together_are_the_whole_site():
    parts = [OURS[name]["command"][2] for name in OURS if "gpu" not in name and name != "prepare"]
    alone = {child.name for part in parts for child in children([part], "127.0.0.1", 1)}
    assert alone == {child.name for child in children(["web", "workers", "beat"], "127.0.0.1", 1)}
    assert SERVICES["beat"]["deploy"]["replicas"] == 1


def test_each_variable_is_a_documented_setting():
    named = re.findall(r"^\| `([A-Z0-9_]+)`", (ROOT / "docs" / "settings.md").read_text(), re.M)
    used = {variable for of in OURS.values() for variable in of["environment"]}
    assert used - {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} <= set(named)


def test_what_is_waited_for_and_mounted_exists():
    for of in SERVICES.values():
        assert set(of.get("depends_on", ())) <= set(SERVICES)
        assert {text.partition(":")[0] for text in of.get("volumes", ())} <= set(COMPOSE["volumes"])


def test_the_proxy_is_the_only_door():
    open_to_all = {name for name, of in SERVICES.items() if of.get("ports")}
    assert open_to_all == {"proxy"}
    # What the site believes of its callers fits what stands before it.
    assert SERVICES["web"]["environment"]["PROXY_COUNT"] == "${PROXY_COUNT:-1}"
    for source in SERVICES["proxy"]["configs"]:
        assert (ROOT / COMPOSE["configs"][source["source"]]["file"]).is_file()
    rules = (ROOT / "config" / "proxy" / "Caddyfile").read_text()
    assert "read_header" in rules and "header_up X-Forwarded-For {remote_host}" in rules
    assert rules.count("{") == rules.count("}")


def test_no_secret_has_a_default():
    text = (ROOT / "compose.yaml").read_text()
    for name in SECRETS:
        assert re.findall(rf"\$\{{{name}(.)", text) and set(
            re.findall(rf"\$\{{{name}(..)", text)
        ) == {":?"}


def compose_config(secrets):
    """What compose itself makes of the file, where either of its programs is installed."""
    docker = shutil.which("docker")
    plugin = (
        docker
        and not subprocess.run([docker, "compose", "version"], capture_output=True).returncode
    )
    command = [docker, "compose"] if plugin else [shutil.which("docker-compose")]
    if command[0] is None:
        pytest.skip("docker compose is not installed")
    return subprocess.run(
        [*command, "-f", str(ROOT / "compose.yaml"), "config"],
        capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", **secrets},
    )  # fmt: skip


def test_compose_itself_agrees():
    done = compose_config(SECRETS)
    assert done.returncode == 0, done.stderr
    understood = yaml.safe_load(done.stdout)["services"]
    assert {name: of.get("command") for name, of in understood.items()} == {
        name: of.get("command")
        for name, of in SERVICES.items()
        if name in understood or "profiles" not in of
    }
    assert understood["web"]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", SECRETS)
def test_compose_itself_wants_each_secret(name):
    done = compose_config({key: value for key, value in SECRETS.items() if key != name})
    assert done.returncode and name in done.stderr


def test_the_image_has_what_the_commands_need():
    text = (ROOT / "Dockerfile").read_text()
    for word in ("requirements.lock", "requirements-s3.txt", "postgresql-client", "USER heirloom"):
        assert word in text
