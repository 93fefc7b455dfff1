"""Bringing a service's database up to date: Alembic with one environment for all services."""

from importlib import import_module
from pathlib import Path

from alembic import command
from alembic.config import Config


def config(service, url):
    """Returns the Alembic configuration of a service, `services.contacts` or `gateway.identity`."""
    package = Path(str(import_module(service).__file__)).parent
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    settings.set_main_option("version_locations", str(package / "migrations"))
    settings.set_main_option("path_separator", "newline")
    settings.attributes["url"] = url
    settings.attributes["metadata"] = import_module(f"{service}.model").Base.metadata
    return settings


def upgrade(service, url):
    """Brings the database at `url` to the newest version of the service's tables; waits for other migrations."""
    command.upgrade(config(service, url), "head")


def check(service, url):
    """Refuses if the database at `url` differs from what the service's model says."""
    command.check(config(service, url))


def revise(service, url, message):
    """Writes the next migration of a service: what its model has and the database at `url` lacks."""
    settings = config(service, url)
    folder = Path(str(settings.get_main_option("version_locations")))
    sequence = len(list(folder.glob("[0-9]*.py"))) + 1
    command.revision(settings, message, autogenerate=True, rev_id=f"{sequence:04d}", version_path=str(folder))
    for path in folder.glob(f"{sequence:04d}_*.py"):
        kept = [line for line in path.read_text("utf-8").splitlines() if "### " not in line]
        path.write_text("\n".join(kept) + "\n", "utf-8")
