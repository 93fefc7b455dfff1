"""Who may import whom: the contracts in .importlinter."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_import_contracts_are_kept():
    command = [Path(sys.prefix) / "bin" / "lint-imports"]

    linter = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)

    assert linter.returncode == 0, linter.stdout
