"""What the product demands before it starts, and what it does without."""

import itertools
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.supervisor import ROOT
from tests.processes import environment

PRODUCTION = {
    "ANNOTALLY_ENV": "production",
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "annotally.example.org",
    "DATABASE_URL": "postgresql://annotally@db/annotally",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp+tls://annotally:secret@mail.example.org:587",
    "MAIL_FROM": "Annotally <annotally@example.org>",
}


def manage(data: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(ANNOTALLY_DATA=str(data), **variables),
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("name", [*PRODUCTION][1:])
def test_production_does_not_start_without(name, tmp_path):
    # Empty and not absent: what a developer's own .env says does not replace it.
    done = manage(tmp_path, "check", **{**PRODUCTION, name: ""})
    assert done.returncode == 1
    assert f"{name} must be set when ANNOTALLY_ENV=production" in done.stderr


def test_production_settings_pass_djangos_deployment_check(tmp_path):
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_one_machine_needs_no_configuration_at_all(tmp_path):
    done = manage(tmp_path / "data", "check", "--fail-level", "WARNING", ANNOTALLY_ENV="local")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_an_environment_that_does_not_exist_is_refused(tmp_path):
    done = manage(tmp_path, "check", ANNOTALLY_ENV="staging")
    assert done.returncode == 1
    assert "must be 'local' or 'production'" in done.stderr


def test_every_variable_is_explained_in_the_example():
    read = set()
    for file in (ROOT / "config").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        read |= set(re.findall(r"""(?:env\.\w+|required_in_production|variables\.get)\("([A-Z_]+)\"""", text))
    read |= set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text(encoding="utf-8")))
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    explained = {
        match[1]
        for before, line in itertools.pairwise(lines)
        if (match := re.match(r"(?:# )?([A-Z_]+)=", line)) and before.startswith("# ")
    }
    assert {"SECRET_KEY", "PORT", "POSTGRES_PASSWORD"} <= read
    assert read == explained
