"""The public address of a local run."""

from dataclasses import dataclass

HTTPS = 443


@dataclass(frozen=True)
class Site:
    """Where people reach us: a port of this machine, or a name of our own with TLS."""

    port: int
    host: str = ""
    bind: str = ""

    @property
    def url(self):
        """The address to type into a browser."""
        if not self.host:
            return f"http://{'localhost' if self.bind in ('', '127.0.0.1') else self.bind}:{self.port}"
        return f"https://{self.host}" + ("" if self.port == HTTPS else f":{self.port}")

    def settings(self):
        """Returns what the edge must know."""
        if not self.host:
            return {"CRM_SITE": f"http://:{self.port}", "CRM_BIND": self.bind or "127.0.0.1", "CRM_AUTO_HTTPS": "off"}
        # Only who has port 443 may take port 80 too, to send people on.
        redirects = "ignore_loaded_certs" if self.port == HTTPS else "disable_redirects"
        bind = self.bind or "0.0.0.0"  # noqa: S104 a name is for the world
        return {"CRM_SITE": f"https://{self.host}:{self.port}", "CRM_BIND": bind, "CRM_AUTO_HTTPS": redirects}
