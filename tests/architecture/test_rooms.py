"""Every service has the same rooms, so that knowing one is knowing all."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = ("chassis", "services", "gateway", "deploy")
BESIDE_THE_GATEWAY = (ROOT / "gateway/notifications", ROOT / "gateway/audit")
SERVICES = [*sorted(path.parent for path in (ROOT / "services").glob("*/service.py")), *BESIDE_THE_GATEWAY]
ROOMS = ("__init__.py", "__main__.py", "service.py", "model.py", "rpc.py")
REFUSED_NAMES = {"utils", "helpers", "common", "base", "manager", "misc", "util", "helper"}
MAXIMUM_LINES, MAXIMUM_FUNCTION = 400, 40
TESTS = ("test_model.py", "test_rpc.py", "test_handlers.py")


def sources():
    """Every Python file of the project, migrations left out: they are written once, by a program."""
    return [path for folder in CODE for path in (ROOT / folder).rglob("*.py") if not path.name[0].isdigit()]


def test_there_are_services_to_look_at():
    assert {"contacts", "invoicing"} <= {path.name for path in SERVICES}


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_a_service_has_its_rooms_its_migrations_and_its_tests(service):
    missing = [room for room in ROOMS if not (service / room).exists()]
    missing += [] if list((service / "migrations").glob("0001_*.py")) else ["migrations/0001_…"]
    missing += [f"tests/{service.name}/{test}" for test in TESTS if not (ROOT / "tests" / service.name / test).exists()]

    assert missing == []


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_a_service_says_what_it_owns_announces_and_hears(service):
    docstring = ast.get_docstring(ast.parse((service / "__init__.py").read_text("utf-8"))) or ""

    assert all(word in docstring for word in ("Owns", "Announces", "Hears")), docstring


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_the_wiring_of_a_service_is_short(service):
    assert len((service / "service.py").read_text("utf-8").splitlines()) <= 20


def test_no_module_has_a_name_that_says_nothing():
    assert [path for path in sources() if path.stem in REFUSED_NAMES] == []


def test_files_and_functions_stay_small():
    long = []
    for path in sources():
        text = path.read_text("utf-8")
        if len(text.splitlines()) > MAXIMUM_LINES:
            long.append(f"{path.relative_to(ROOT)}: {len(text.splitlines())} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = node.end_lineno - node.lineno + 1
                if length > MAXIMUM_FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}:{node.name}: {length} lines")

    assert long == []


def test_every_module_class_and_public_function_says_what_it_is():
    silent = []
    for path in sources():
        tree = ast.parse(path.read_text("utf-8"))
        nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        nodes += [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"]
        where = path.relative_to(ROOT)
        silent += [] if ast.get_docstring(tree) else [str(where)]
        silent += [f"{where}:{node.name}" for node in nodes if not ast.get_docstring(node)]

    assert silent == []


def test_libraries_that_reach_outside_appear_in_one_file_each():
    homes = {"argon2": set(), "protovalidate": set()}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for library in {name.partition(".")[0] for name in names} & set(homes):
                homes[library].add(path)

    assert {library: len(files) for library, files in homes.items()} == dict.fromkeys(homes, 1)
