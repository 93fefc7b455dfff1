"""The docs mention what there is, and what they point to exists."""

import re

import pytest
import yaml

from chassis.settings import Settings
from deploy.processes import ROOT
from tests.architecture.test_contract import EVENTS, METHODS

READ = [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]
DOCS = "\n".join(path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md"))
# Looks like a setting but is none: a role, a refusal, and the mark by which the local run finds its own processes.
NO_SETTINGS = {"CRM_ADMIN", "CRM_ACCESS_DENIED", "CRM_RUN_OF"}
DEPLOYED = {".py", ".yaml", ".sh", ".toml", ".conf", ""}


def settings():
    """Every setting: those of the processes, and those that deploy/ reads itself."""
    read = {
        name
        for path in (ROOT / "deploy").rglob("*")
        if path.is_file() and path.suffix in DEPLOYED and "secrets" not in path.parts
        for name in re.findall(r"\bCRM_[A-Z]+(?:_[A-Z]+)*\b", path.read_text("utf-8"))
    }
    return sorted(({f"CRM_{name.upper()}" for name in Settings.model_fields} | read) - NO_SETTINGS)


def mentioned(word):
    return re.search(rf"\b{word}\b", DOCS)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_every_rpc_is_mentioned(method):
    assert mentioned(method.name)


@pytest.mark.parametrize(
    "event", [e for events in EVENTS for e in events.DESCRIPTOR.message_types_by_name.values()], ids=lambda e: e.name
)
def test_every_event_is_mentioned(event):
    assert mentioned(event.name)


@pytest.mark.parametrize("setting", settings())
def test_every_setting_is_described_where_one_runs_it(setting):
    assert re.search(rf"\b{setting}\b", (ROOT / "docs" / "running.md").read_text("utf-8"))


def test_no_doc_speaks_of_a_setting_that_is_gone():
    named = {name for path in READ for name in re.findall(r"`(CRM_[A-Z_]+[A-Z])", path.read_text("utf-8"))}

    assert named - {"CRM_TEST_ADDRESS", "CRM_TEST_DATABASE_URL"} - NO_SETTINGS <= set(settings())


@pytest.mark.parametrize("path", READ, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8"))

    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", READ, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_are_named_exist(path):
    named = re.findall(r"`((?:chassis|services|gateway|deploy|tests|proto)/[\w./]+\.\w+)`", path.read_text("utf-8"))

    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", READ, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_one_is_told_to_make_can_be_made(path):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

    assert set(re.findall(r"`make ([a-z]+)", path.read_text("utf-8"))) <= targets


@pytest.mark.parametrize("path", [*(ROOT / "docs" / "decisions").glob("*.md")], ids=lambda path: path.stem)
def test_a_decision_is_short_and_says_when_to_decide_again(path):
    text = path.read_text("utf-8")

    assert re.fullmatch(r"\d{4}-\d\d-\d\d-[a-z-]+", path.stem)
    assert len(text.splitlines()) <= 40
    assert all(part in text for part in ("**Context.**", "**We chose**", "**Rejected.**", "**Revisit when**"))


def test_the_hooks_run_what_make_runs():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"][0]["hooks"]
    checks = re.search(r"^check: ([^#]+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)[1].split()

    assert [hook["entry"].removeprefix("make ") for hook in hooks] == [name for name in checks if name != "deployment"]
