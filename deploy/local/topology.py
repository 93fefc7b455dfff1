"""What runs on the one box, and the settings each process gets."""

import json
import os

from deploy import broker, processes
from deploy.local.supervision import Program
from deploy.processes import PROGRAMS, ROOT
from deploy.secrets import PUBLIC_KEYS, SECRET_KEY, key_file

TRUSTED_PROXIES = "CRM_TRUSTED_PROXIES"
# What an operator sets for one of us only; every other CRM_* setting is for all of our processes.
OWNER = ("CRM_OWNER_EMAIL", "CRM_OWNER_PASSWORD")
FOR_THE_RUN = ("CRM_DATA", "CRM_PORT", "CRM_HOST", "CRM_BIND", TRUSTED_PROXIES)
NATS, NATS_MONITOR, POSTGRES, EDGE = "nats", "nats-monitor", "postgres", "caddy"
DATA_RANK, SERVICE_RANK, WEB_RANK, EDGE_RANK = 10, 20, 30, 40


def port_names():
    """Returns the names of all ports but the public one."""
    own = [f"{each.name}{suffix}" for each in processes.processes() for suffix in ("", "-metrics")]
    return [POSTGRES, NATS, NATS_MONITOR, *own]


def local(port):
    """The address of a port of this machine."""
    return f"127.0.0.1:{port}"


class Topology:
    """The processes of one data folder, on the ports chosen for it."""

    def __init__(self, folder, cluster, site):
        self.folder = folder
        self.cluster = cluster
        self.site = site
        self.ports = folder.choose_ports(port_names())

    def bus_url(self, account):
        """The address of NATS for one of its users."""
        return f"nats://{account}:{self._bus_password(account)}@{local(self.ports[NATS])}"

    def _bus_password(self, account):
        return self.folder.secret(broker.secret_name(account))

    def programs(self):
        """Returns everything that runs, in the order of starting."""
        return [
            # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
            Program(POSTGRES, self.cluster.command(self.ports[POSTGRES]), DATA_RANK, self.cluster.user, "INT"),
            Program(NATS, self._nats_command(), DATA_RANK + 1),
            *(Program(each.name, list(each.command), SERVICE_RANK) for each in processes.services()),
            *(Program(each.name, list(each.command), WEB_RANK) for each in processes.web_processes()),
            Program(EDGE, [str(PROGRAMS / "caddy"), "run", "--config", str(ROOT / "deploy" / "Caddyfile")], EDGE_RANK),
        ]

    def write_environments(self):
        """Writes the settings of every process into the data folder."""
        for each in processes.processes():
            self.folder.write_environment(each.name, self._settings(each))
        # The gateway's migrations and outbox are those of the service `identity`.
        self.folder.write_environment(processes.IDENTITY, self._settings(processes.process("gateway")))
        self.folder.write_environment(broker.BOOT, {"CRM_NATS_URL": self.bus_url(broker.BOOT)})
        passwords = {broker.password_variable(user): self._bus_password(user) for user in broker.permissions()}
        self.folder.write_environment(NATS, passwords)
        self.folder.write_environment(EDGE, self._edge_settings())

    def _settings(self, process):
        secrets = self.folder.secrets
        password = self.folder.secret(f"database-{process.database}")
        address = local(self.ports[POSTGRES])
        services = {each.name: local(self.ports[each.name]) for each in processes.services()}
        private = FOR_THE_RUN if process.name == "gateway" else (*FOR_THE_RUN, *OWNER)
        return {
            "CRM_PUBLIC_URL": self.site.url,
            "CRM_MAILDIR": self.folder.mail,
            "CRM_BLOBS": self.folder.blobs.as_uri(),
            **{name: value for name, value in os.environ.items() if name.startswith("CRM_") and name not in private},
            "CRM_DATABASE_URL": f"postgresql+psycopg://{process.database}:{password}@{address}/{process.database}",
            "CRM_NATS_URL": self.bus_url(process.account),
            "CRM_LISTEN": local(self.ports[process.name]),
            "CRM_METRICS_LISTEN": local(self.ports[f"{process.name}-metrics"]),
            **({"CRM_SIGNING_KEY_FILE": secrets / key_file(process.issuer)} if process.issuer else {}),
            "CRM_KEYS_FILE": secrets / PUBLIC_KEYS,
            "CRM_SECRET_KEY_FILE": secrets / SECRET_KEY,
            "CRM_SERVICES": json.dumps(services),
        }

    def _nats_command(self):
        return [
            str(PROGRAMS / "nats-server"),
            *("--config", str(ROOT / "deploy" / "nats" / "local.conf")),
            *("--addr", "127.0.0.1", "--port", str(self.ports[NATS]), "--http_port", str(self.ports[NATS_MONITOR])),
            *("--store_dir", str(self.folder.nats)),
        ]

    def nats_health(self):
        """The address that tells whether NATS and its streams are up."""
        return f"http://{local(self.ports[NATS_MONITOR])}/healthz"

    def readiness(self):
        """The address that tells whether all of it is up: through the edge, where the edge speaks to local names."""
        return f"http://{local(self.ports['gateway'] if self.site.host else self.site.port)}/readyz"

    def _edge_settings(self):
        return {
            **self.site.settings(),
            **({TRUSTED_PROXIES: os.environ[TRUSTED_PROXIES]} if TRUSTED_PROXIES in os.environ else {}),
            "CRM_GATEWAY": local(self.ports["gateway"]),
            "CRM_PUSH": local(self.ports["push"]),
            "CRM_WEB": ROOT / "web" / "dist",
            "XDG_DATA_HOME": self.folder.caddy,
            "XDG_CONFIG_HOME": self.folder.caddy,
        }
