"""`crm`: runs Rapport on this machine, and does what an operator does now and then."""

import os
import signal
from pathlib import Path
from typing import Annotated

import typer

from deploy.local import run, supervision
from deploy.local.folder import AlreadyRunningError, Folder
from deploy.local.site import HTTPS, Site

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)
Data = Annotated[Path, typer.Option("--data", envvar="CRM_DATA", help="The data folder of the local run.")]
VAR = Path("var")


@app.command()
def up(
    data: Data = VAR,
    port: Annotated[int, typer.Option(envvar="CRM_PORT", help="The public port; 8080, or 443 with a host.")] = 0,
    host: Annotated[str, typer.Option(envvar="CRM_HOST", help="A name of your own: turns on TLS.")] = "",
    bind: Annotated[str, typer.Option(envvar="CRM_BIND", help="The address to listen on.")] = "",
):
    """Runs everything on this machine until Ctrl-C."""
    site = Site(port or (HTTPS if host else 8080), host, bind)
    try:
        run.up(Folder(data), site)
    except (AlreadyRunningError, TimeoutError) as error:
        _fail(error)


@app.command()
def stop(data: Data = VAR):
    """Stops the local run."""
    folder = Folder(data)
    holder = folder.holder()
    if holder:
        os.kill(holder, signal.SIGTERM)
        supervision.wait(lambda: not folder.holder(), "the end of the run", 90)
    supervision.stop_left_over(folder)


def _fail(error):
    typer.echo(f"crm: {error}", err=True)
    raise typer.Exit(1)


def main():
    """The console script."""
    app()
