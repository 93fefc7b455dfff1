"""`crm`: what an operator hears when it cannot do what he asked for."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from deploy import cli
from deploy.processes import ROOT

HOLDS_ON = """
import signal, sys, time
from deploy.local.folder import Folder
signal.signal(signal.SIGTERM, signal.SIG_IGN)
with Folder(sys.argv[1]).held():
    print("holding", flush=True)
    time.sleep(60)
"""


def crm(*words, **environment):
    return CliRunner().invoke(cli.app, [str(word) for word in words], env={"COLUMNS": "200", **environment})


def test_stop_says_whom_it_could_not_stop(tmp_path, monkeypatch):
    monkeypatch.setattr(cli, "STOP_SECONDS", 0.5)
    command = [sys.executable, "-c", HOLDS_ON, tmp_path]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "holding\n"

        told = crm("stop", "--data", tmp_path)
        holder.kill()

    assert told.exit_code == 1
    assert f"process {holder.pid} has not stopped within 0.5 s" in told.stderr


@pytest.mark.parametrize("command", [["migrate"], ["republish"], ["parked", "list"]])
@pytest.mark.parametrize("named", [[], ["contacts", "invoicing"]])
def test_settings_of_one_service_are_used_for_no_other(command, named):
    told = crm(*command, *named, CRM_DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:1/contacts")

    assert told.exit_code == 2
    assert "name it" in told.stderr


def test_the_doctor_asks_for_the_settings_of_all_services():
    told = crm("doctor", CRM_DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:1/contacts")

    assert told.exit_code == 2
    assert "name --secrets" in told.stderr
