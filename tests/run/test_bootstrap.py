"""`make run` and `make test` set themselves up, or say in one line why they cannot."""

import ast
import base64
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from config.supervisor import ROOT
from tests.processes import environment, wait_until
from tools import bootstrap
from tools.bootstrap import Environment, Problem


def test_any_python_3_can_read_the_file_and_so_say_that_it_is_too_old():
    ast.parse(Path(bootstrap.__file__).read_text(encoding="utf-8"), feature_version=(3, 4))


def test_an_old_python_is_named_with_the_way_to_choose_another():
    with pytest.raises(Problem) as problem:
        bootstrap.check_version((3, 10, 13, "final", 0), "/usr/bin/python3")
    assert str(problem.value) == (
        "Annotally needs Python 3.11 or newer; /usr/bin/python3 is Python 3.10.13. "
        "Choose another one: make run PYTHON=python3.12"
    )
    bootstrap.check_version((3, 11, 0, "final", 0), "/usr/bin/python3")
    bootstrap.check_version((4, 0, 0, "final", 0), "/usr/bin/python3")


def test_a_python_that_cannot_make_environments_names_the_package_to_install(monkeypatch):
    monkeypatch.setattr(
        bootstrap.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else 1
    )
    with pytest.raises(Problem, match="no ensurepip module.*apt install python3.12-venv"):
        bootstrap.check_venv_module((3, 12, 1))


def test_a_folder_that_takes_no_files_is_named(tmp_path):
    (tmp_path / "project").write_text("a file in the place of the folder")
    with pytest.raises(Problem, match=f"Cannot write to the folder {tmp_path / 'project'}: Not a directory"):
        bootstrap.check_writable(str(tmp_path / "project"))


@pytest.mark.parametrize(
    ("output", "line"),
    [
        (
            "Collecting a\nERROR: No matching distribution found for a\n\n[notice] New pip\n",
            "ERROR: No matching",
        ),
        ("Killed\n", "Killed"),
        ("", "it said nothing"),
    ],
)
def test_the_reason_is_taken_from_what_pip_says(output, line):
    assert bootstrap.last_meaningful_line(output).startswith(line)


def pins(lock: str) -> set[str]:
    """Packages and versions; what tests need may be installed on more systems than the product needs it on."""
    return set(re.findall(r"^\S+==\S+", (ROOT / lock).read_text(), re.MULTILINE))


def test_what_tests_need_contains_what_the_product_needs_in_the_same_versions():
    assert len(pins("requirements.txt")) > 20
    assert pins("requirements.txt") < pins("requirements-dev.txt")


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_lock_files_name_packages_and_hashes_and_no_index(lock):
    assert "://" not in (ROOT / lock).read_text()
    assert "--index" not in (ROOT / lock).read_text()


# --- Real environments, with a package of our own in place of an index -----------------------------


def make_wheel(folder: Path, version: str) -> str:
    """Store a package that does nothing; the line of a lock file that asks for it."""
    folder.mkdir(exist_ok=True)
    wheel = folder / f"nothing-{version}-py3-none-any.whl"
    information = f"nothing-{version}.dist-info"
    files = {
        "nothing.py": f"version = {version!r}\n",
        f"{information}/METADATA": f"Metadata-Version: 2.1\nName: nothing\nVersion: {version}\n",
        f"{information}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{information}/RECORD,,"]
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).rstrip(b"=").decode()
            record.append(f"{name},sha256={digest},{len(content)}")
        archive.writestr(f"{information}/RECORD", "\n".join(record) + "\n")
    return f"nothing=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose lock files ask for one small package, which pip finds in a folder."""
    folder = tmp_path / "project"
    (folder / "tools").mkdir(parents=True)
    shutil.copy(bootstrap.__file__, folder / "tools")
    line = make_wheel(tmp_path / "wheels", "1.0")
    (folder / "requirements.txt").write_text(line)
    (folder / "requirements-dev.txt").write_text(line)
    for name in list(os.environ):
        if name.startswith("PIP_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    return folder


def set_up(project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "tools/bootstrap.py", "dev"],
        cwd=project,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )


def installed_version(project: Path) -> str:
    return subprocess.check_output(
        [project / ".venv/bin/python", "-c", "import nothing; print(nothing.version)"], text=True
    ).strip()


def test_it_installs_once_and_again_when_the_lock_changes(project, capsys):
    environment = Environment(str(project))
    environment.ensure("requirements-dev.txt")
    first = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in first] == ["Making", "Installing", "Installed"]
    assert installed_version(project) == "1.0"
    # What tests need contains what the product needs.
    environment.ensure("requirements.txt")
    environment.ensure("requirements-dev.txt")
    assert capsys.readouterr().out == ""

    (project / "requirements.txt").write_text(make_wheel(project.parent / "wheels", "1.1"))
    environment.ensure("requirements.txt")
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["Installing", "Installed"]
    assert installed_version(project) == "1.1"

    # A pip that was killed leaves its mark, and nothing it has installed is trusted.
    Path(environment.unfinished).touch()
    for stamp in (project / ".venv").glob("*.installed"):
        stamp.unlink()
    environment.ensure("requirements.txt")
    assert capsys.readouterr().out.startswith("Making .venv")
    assert installed_version(project) == "1.1"

    # A Python that was removed leaves a link that leads nowhere.
    (project / ".venv/bin/python").unlink()
    (project / ".venv/bin/python").symlink_to(project / "removed")
    environment.ensure("requirements.txt")
    assert capsys.readouterr().out.startswith("Making .venv")
    assert installed_version(project) == "1.1"


def test_a_set_up_that_is_killed_half_way_is_completed_by_the_next(project):
    killed = subprocess.Popen(
        [sys.executable, "tools/bootstrap.py", "dev"],
        cwd=project,
        env=environment(),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_until((project / ".venv/pyvenv.cfg").exists, what="the first file of .venv")
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    done = set_up(project)
    assert (done.returncode, done.stderr) == (0, "")
    assert installed_version(project) == "1.0"


def test_a_package_that_cannot_be_had_is_one_line_with_the_place_of_the_log(project):
    (project / "requirements-dev.txt").write_text("no-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n")
    done = set_up(project)
    assert done.returncode == 1
    assert done.stderr == (
        "Installing failed: ERROR: No matching distribution found for no-such-package==1.0 "
        f"(see {project}/.venv/install.log)\n"
    )
    # It holds nothing against the next try.
    (project / "requirements-dev.txt").write_text((project / "requirements.txt").read_text())
    done = set_up(project)
    assert done.returncode == 0
    assert "Making" not in done.stdout
    assert installed_version(project) == "1.0"


def test_a_command_that_does_not_exist_is_one_line():
    done = subprocess.run([sys.executable, bootstrap.__file__, "walk"], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
