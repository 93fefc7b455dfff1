"""What `make service` makes passes what every service must pass, as it is made."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chassis import scaffold

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.prefix) / "bin"
CODE = ("chassis", "services", "gateway", "deploy", "proto", "tests")
FILES = ("pyproject.toml", ".importlinter", "buf.yaml")
# Named after its resource, and with a resource of two words.
NEW = {"cases": (), "telephony": ("PhoneCall",)}


def run(tree, *command):
    """Runs a command in the tree, whose code goes before ours; returns what it printed."""
    environment = os.environ | {"PYTHONPATH": f"{tree}:{tree / 'gen'}"}
    done = subprocess.run(command, cwd=tree, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the project with two more services, listed and compiled."""
    copy = tmp_path_factory.mktemp("project")
    for folder in CODE:
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, copy / name)
    for service, resource in NEW.items():
        said = run(copy, BIN / "python", "-m", "chassis.scaffold", service, *resource)
        [line] = re.findall(rf"^ +({service} = .*)$", said, re.MULTILINE)
        listed = copy / "deploy" / "services.toml"
        listed.write_text(listed.read_text("utf-8").replace("\n[gateway]", f"{line}\n\n[gateway]"), "utf-8")
    run(copy, BIN / "python", "proto/compile.py")
    return copy


def made(tree):
    return [f"{folder}/{service}" for folder in ("services", "tests") for service in NEW]


def test_its_contract_passes_the_linter(tree):
    run(tree, BIN / "buf", "lint", "gen/crm.binpb", "--config", "buf.yaml")


def test_its_code_is_written_as_ours(tree):
    run(tree, BIN / "ruff", "check", *made(tree))
    run(tree, BIN / "ruff", "format", "--check", *made(tree))


def test_its_types_agree(tree):
    run(tree, BIN / "mypy", *(argument for service in NEW for argument in ("-p", f"services.{service}")))


def test_it_imports_whom_it_may(tree):
    run(tree, BIN / "lint-imports")


def test_its_own_tests_and_those_of_the_architecture_pass(tree):
    architecture = [f"tests/architecture/test_{what}.py" for what in ("rooms", "contract", "migrations")]

    run(tree, BIN / "python", "-m", "pytest", "-p", "no:randomly", *(f"tests/{each}" for each in NEW), *architecture)


def test_what_exists_is_not_written_over(tree):
    with pytest.raises(scaffold.WrongNameError, match="is there already"):
        scaffold.make(tree, "cases")


@pytest.mark.parametrize(("service", "resource"), [("Cases", ""), ("", ""), ("telephony", ""), ("cases", "phone_call")])
def test_a_name_that_cannot_be_is_refused(tmp_path, service, resource):
    with pytest.raises(scaffold.WrongNameError):
        scaffold.make(tmp_path, service, resource)

    assert list(tmp_path.iterdir()) == []
