"""`crm`: runs Rapport on this machine, and does what an operator does now and then."""

import json
import os
import signal
import sys
from contextlib import contextmanager, suppress
from dataclasses import asdict, astuple, fields
from pathlib import Path
from typing import Annotated

import typer

from deploy import broker, processes
from deploy.local.folder import AlreadyRunningError, Folder, NotReadyError
from deploy.local.site import HTTPS, Site

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)
parked = typer.Typer(no_args_is_help=True, help="Events that a service could not handle.")
app.add_typer(parked, name="parked")
audit = typer.Typer(no_args_is_help=True, help="Who did what.")
app.add_typer(audit, name="audit")

Data = Annotated[Path, typer.Option("--data", envvar="CRM_DATA", help="The data folder of the local run.")]
VAR = Path("var")
# Where Docker and Kubernetes put what is not for the environment; a file is named like the setting it holds.
MOUNTED = Path("/run/secrets")
# A process that does not end in its 15 s is killed, and so is, after it, what it needs.
STOP_SECONDS = 90


@app.command()
def up(
    data: Data = VAR,
    port: Annotated[int, typer.Option(envvar="CRM_PORT", help="The public port; 8080, or 443 with a host.")] = 0,
    host: Annotated[str, typer.Option(envvar="CRM_HOST", help="A name of your own: turns on TLS.")] = "",
    bind: Annotated[str, typer.Option(envvar="CRM_BIND", help="The address to listen on.")] = "",
):
    """Runs everything on this machine until Ctrl-C."""
    from deploy.local import run

    site = Site(port or (HTTPS if host else 8080), host, bind)
    with _told():
        run.up(Folder(data), site)


@app.command()
def stop(data: Data = VAR):
    """Stops the local run."""
    from deploy.local import supervision

    folder = Folder(data)
    holder = folder.holder()
    with _told():
        if holder:
            with suppress(ProcessLookupError):
                os.kill(holder, signal.SIGTERM)
            try:
                supervision.wait(lambda: not folder.holder(), "the end", STOP_SECONDS)
            except TimeoutError:
                raise NotReadyError(
                    f"process {holder} has not stopped within {STOP_SECONDS} s; "
                    f"`kill -9 {holder}` ends it, and `crm stop` then what it leaves behind"
                ) from None
        supervision.stop_left_over(folder)


@app.command()
def status(data: Data = VAR):
    """Shows what runs, since when, on which port, and with how much memory."""
    from deploy.local import report

    for line in report.lines(Folder(data)):
        typer.echo(line)


@app.command()
def demo(
    contacts: Annotated[int, typer.Option(min=1, help="How many contacts, about.")] = 300,
    data: Data = VAR,
    email: Annotated[str, typer.Option(envvar="CRM_OWNER_EMAIL", help="The owner, if there is one already.")] = "",
    password: Annotated[str, typer.Option(envvar="CRM_OWNER_PASSWORD", help="The owner's password.")] = "",
):
    """Fills the local run with customers, invoices and colleagues to try it with; once."""
    from deploy import demo

    with _told():
        if not email and demo.has_owner(Folder(data)) and sys.stdin.isatty():
            typer.echo("Somebody has set this installation up already. As its owner:")
            email = typer.prompt("E-mail")
            password = typer.prompt("Password", hide_input=True)
        for line in demo.fill(Folder(data), contacts, email, password):
            typer.echo(line)


@app.command()
def migrate(services: Annotated[list[str] | None, typer.Argument()] = None, data: Data = VAR):
    """Brings databases up to date; those of all services unless some are named."""
    from deploy import upkeep

    for name in _chosen(services):
        with _settings_of(name, data):
            upkeep.migrate(name)


@app.command()
def revise(service: str, message: str, data: Data = VAR):
    """Writes the next migration of a service: what its model has and its database lacks."""
    from deploy import upkeep

    with _settings_of(service, data):
        upkeep.revise(service, message)


@app.command()
def provision(data: Data = VAR):
    """Makes the stream that carries the events, or brings it up to date."""
    from deploy import upkeep

    with _settings_of(broker.BOOT, data):
        upkeep.provision()


@app.command()
def republish(services: Annotated[list[str] | None, typer.Argument()] = None, data: Data = VAR):
    """Sends again what services announced, after the stream was lost; all of them unless some are named."""
    from deploy import upkeep

    for name in _chosen(services):
        with _settings_of(name, data):
            typer.echo(f"{name}: {upkeep.republish(name)} events will be sent again")


@app.command()
def link(email: str, data: Data = VAR):
    """Prints a link that works once, with which EMAIL sets a new password or joins: where no mail arrives."""
    from deploy import upkeep

    with _settings_of(processes.IDENTITY, data), _told():
        typer.echo(upkeep.link(email))


@parked.command("list")
def list_parked(services: Annotated[list[str] | None, typer.Argument()] = None, data: Data = VAR):
    """Shows the events that services could not handle, and why."""
    from deploy import upkeep

    for name in _chosen(services):
        with _settings_of(name, data):
            for event in upkeep.parked(name):
                typer.echo(
                    f"{name} {event.event_id} {event.parked_time:%Y-%m-%d %H:%M:%S} {event.subject} {event.error}"
                )


@parked.command("retry")
def retry_parked(service: str, event: str, data: Data = VAR):
    """Has a service handle one of them again."""
    from deploy import upkeep

    with _settings_of(service, data), _told():
        upkeep.retry(service, event)


@parked.command("drop")
def drop_parked(service: str, event: str, data: Data = VAR):
    """Forgets one of them, without its effect."""
    from deploy import upkeep

    with _settings_of(service, data), _told():
        upkeep.drop(service, event)


@app.command()
def doctor(
    data: Data = VAR,
    secrets: Annotated[
        Path | None, typer.Option(exists=True, help="In containers: the folder that `crm secrets` made.")
    ] = None,
    wait: Annotated[float, typer.Option(help="Seconds that services may take to hear what was announced.")] = 60,
    as_json: Annotated[bool, typer.Option("--json", help="Says it as JSON.")] = False,
):
    """Looks for references to what is not there, copies that differ and files that are lost; changes nothing."""
    from chassis.doctor import examine
    from deploy import upkeep

    if not secrets and _settings_given():
        raise typer.BadParameter("the settings in the environment are those of one service; name --secrets, for all")
    examined = []
    for name in processes.packages():
        with _settings_in(secrets / processes.owner_of(name)) if secrets else _settings_of(name, data):
            examined.append(upkeep.examined(name))
    findings = examine(examined, wait)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=1))
    else:
        for line in _table(findings) if findings else ["everything fits together"]:
            typer.echo(line)
    raise typer.Exit(1 if findings else 0)


def _table(findings):
    """Returns the lines of a table of findings."""
    rows = [tuple(field.name for field in fields(findings[0])), *map(astuple, findings)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in rows]


@audit.command("export")
def export_audit(data: Data = VAR):
    """Writes the whole audit to standard output, as the page exports it."""
    from deploy import upkeep

    with _settings_of("audit", data):
        for part in upkeep.audit():
            sys.stdout.buffer.write(part)


@audit.command("verify")
def verify_audit(
    file: Annotated[typer.FileBinaryRead, typer.Argument(help="What was exported; - for standard input.")],
    keys: Annotated[Path | None, typer.Option(exists=True, help="The installation's public keys.")] = None,
    after: Annotated[
        typer.FileBinaryRead | None, typer.Option(help="An earlier export, or its last line: FILE must continue it.")
    ] = None,
):
    """Checks that nothing in an exported audit was changed, taken out or added. Needs no running Rapport."""
    from gateway.audit import chain

    try:
        known = json.loads(keys.read_text("utf-8")) if keys else None
    except ValueError:
        raise typer.BadParameter(f"{keys} holds no keys: it is not JSON") from None
    try:
        report = chain.verify(file, known, chain.head_of(after, known) if after else None)
    except chain.BrokenError as problem:
        typer.echo(f"NOT what was exported: {problem}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{report.entries} entries, nothing changed")
    typer.echo(f"exported at {report.head.time.isoformat()}, when the chain ended at entry {report.head.number}")
    if not report.head.whole:
        apart = f"; no entries of {', '.join(report.head.without)}" if report.head.without else ""
        typer.echo(f"some entries only: {report.head.number - report.entries} left out{apart}; {report.head.filter}")
    if after:
        typer.echo("continues the earlier export")
    typer.echo("signed by this installation" if report.signed else "signature not checked: name --keys")


@app.command()
def serve(name: str):
    """Runs one process in the foreground, with the settings of the environment: for containers."""
    try:
        process = processes.process(name)
    except KeyError:
        raise typer.BadParameter(
            f"{name} is none of {', '.join(each.name for each in processes.processes())}"
        ) from None
    _mounted_settings()
    os.execv(process.command[0], process.command)  # noqa: S606


@app.command()
def alive(url: str):
    """Succeeds if URL answers 200: a health check for containers."""
    from deploy.local.run import fetched

    raise typer.Exit(0 if fetched(url) else 1)


@app.command()
def secrets(
    folder: Path,
    postgres: Annotated[str, typer.Option(help="host:port of PostgreSQL.")] = "postgres:5432",
    nats: Annotated[str, typer.Option(help="host:port of NATS.")] = "nats:4222",
):
    """Makes the keys and passwords of an installation in containers; those already in FOLDER stay."""
    from deploy import containers

    containers.make_secrets(folder, postgres, nats)


def _chosen(services):
    """The services that were named, else all. Settings that are given are those of one, which must be named."""
    if _settings_given() and len(services or ()) != 1:
        raise typer.BadParameter(
            f"the settings in the environment are those of one service; name it: {', '.join(processes.packages())}"
        )
    return services or list(processes.packages())


def _settings_given():
    """Whether the environment has settings already, as in a container."""
    _mounted_settings()
    return "CRM_DATABASE_URL" in os.environ or "CRM_NATS_URL" in os.environ


@contextmanager
def _settings_of(name, data):
    """Puts a service's settings into the environment: those of the local run, unless ours are set already."""
    if _settings_given():
        yield
        return
    try:
        settings = Folder(data).environment(name)
    except FileNotFoundError:
        raise typer.BadParameter(f"{data} holds no settings of {name}; has `crm up` run with it?") from None
    with _set(settings):
        yield


@contextmanager
def _settings_in(folder):
    """Puts the settings that lie in a folder, as files, into the environment."""
    with _set({file.name: file.read_text("utf-8").strip() for file in folder.glob("CRM_*")}):
        yield


@contextmanager
def _set(settings):
    before = dict(os.environ)
    os.environ.update(settings)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _mounted_settings():
    """Takes settings that were mounted as files."""
    for file in MOUNTED.glob("CRM_*"):
        os.environ.setdefault(file.name, file.read_text("utf-8").strip())


@contextmanager
def _told():
    """Ends with one line instead of a traceback, where the operator can do something about it."""
    try:
        yield
    except (AlreadyRunningError, NotReadyError, TimeoutError, LookupError) as error:
        typer.echo(f"crm: {error}", err=True)
        raise typer.Exit(1) from None


def main():
    """The console script."""
    app()
