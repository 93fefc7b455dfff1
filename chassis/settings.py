"""What an operator may set: read from `CRM_*` variables, described in docs/running.md."""

from functools import cached_property
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(env_prefix="CRM_", extra="ignore", frozen=False)

    database_url: SecretStr = SecretStr("")
    nats_url: SecretStr = SecretStr("")
    listen: str = "127.0.0.1:0"
    metrics_listen: str = ""
    signing_key_file: Path = Path("signing-key.json")
    keys_file: Path = Path("keys.json")
    secret_key_file: Path = Path("secret-key")
    services: dict[str, str] = {}
    log_format: str = "json"
    log_level: str = "INFO"
    owner_email: str = ""
    owner_password: SecretStr = SecretStr("")
    trusted_hosts: list[str] = []
    # Threads that serve RPCs; more are slower, for they share one interpreter lock.
    rpc_threads: int = 8
    # Calls beyond these are refused at once instead of waiting for their deadline.
    maximum_concurrent_rpcs: int = 64
    # Of each of the two pools, for reading and for writing.
    database_connections: int = 10
    otel_enabled: bool = False
    # Where people reach this installation, as it stands in mail: https://crm.example.com
    public_url: str = ""
    # Where mail is kept while there is no server for it.
    maildir: Path | None = None
    # Where files are kept: file:///var/lib/rapport/blobs, or s3://bucket with the AWS_* variables of its client.
    blobs: str = ""
    # The largest document that may be uploaded, in megabytes.
    maximum_file_mb: int = 100
    # What looks for viruses in documents: ClamAV's daemon, tcp://host:3310 or unix:///run/clamav/clamd.ctl.
    clamd: str = ""
    # The ports on which a mail server may be named by an administrator of the portal.
    smtp_ports: list[int] = [25, 465, 587, 2525]

    # Another place that people may sign in at, by OpenID Connect, and what its button says.
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_title: str = ""
    # Whether whoever has an account there is added as a user.
    oidc_sign_up: bool = False

    @cached_property
    def secret_key(self):
        """The secret that page tokens are signed with."""
        return self.secret_key_file.read_bytes().strip()
