"""All settings of the service: from a TOML file, over it from the environment (``KUAIZHENG_DATABASE_URL`` and so on).

The one module of the service that reads the environment. A setting nobody knows is refused, so that a typing
mistake does not leave a default in place unseen.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vision.errors import InputError
from vision.image import DEFAULT_LIMITS

PREFIX = "KUAIZHENG_"
FILE = PREFIX + "CONFIG"
ELSEWHERE = frozenset({FILE, PREFIX + "SHARED"})
"""Names with our prefix that are no settings: the file's path, and the folder of photos that tests use."""


class SettingsError(InputError):
    """A setting is unknown or its value is wrong."""

    code = "bad_settings"


class Settings(BaseModel):
    """Everything an operator may set; the defaults run on one machine with nothing else installed."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    data_folder: Path = Field(default=Path("kuaizheng-data"), description="Embedded database and originals lie here.")
    database_url: str = Field(default="", description="postgresql://... or sqlite:///FILE; empty: in data_folder.")
    master_key_file: Path | None = Field(
        default=None, description="Keys that seal personal data; beside a database_url needed, else in data_folder."
    )
    blob_url: str = Field(default="", description="s3://BUCKET/PREFIX or file:///FOLDER; empty: in data_folder.")
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0: any free one.")
    metrics_host: str = Field(default="127.0.0.1", description="Address on which metrics are scraped.")
    metrics_port: int = Field(
        default=0, ge=0, le=65000, description="Port of `/metrics`; of the n-th worker of `serve`, n more. 0: none."
    )
    otel_endpoint: str = Field(
        default="",
        pattern=r"^(https?://[^/]+)?$",
        description="Collector of OpenTelemetry traces (OTLP over HTTP), such as http://127.0.0.1:4318; empty: none.",
    )
    public_url: str = Field(
        default="",
        pattern=r"^(https?://[^/]+)?$",
        description="As browsers see the service, such as https://kz.example.",
    )
    session_idle_s: float = Field(
        default=1800, ge=60, description="An officer's session ends so long after its last request."
    )
    session_s: float = Field(default=43_200, ge=60, description="An officer's session ends so long after the login.")
    oidc_issuer: str = Field(default="", description="OpenID Connect provider of officers; empty: local accounts only.")
    oidc_client_id: str = Field(default="", description="What the provider calls us.")
    oidc_client_secret_file: Path | None = Field(
        default=None, description="The secret we share with the provider, in a file; without: PKCE alone."
    )
    oidc_organisation: str = Field(default="default", description="Whose officers the provider knows.")
    workers: int = Field(default=1, ge=0, le=64, description="Processes that `serve` starts; 0: they run elsewhere.")
    provider: str | None = Field(default=None, description="Of the models: openvino, cpu, cuda, tensorrt.")
    lease_s: float = Field(default=30.0, ge=0.5, le=600, description="A job not renewed for so long is taken up again.")
    max_attempts: int = Field(default=3, ge=1, le=20, description="A photo that failed so often is set aside and told.")
    max_crashes: int = Field(
        default=2, ge=1, le=20, description="A photo during which so many workers died is quarantined and told."
    )
    max_photo_bytes: int = Field(default=DEFAULT_LIMITS.max_bytes, ge=1, description="Largest photo taken in.")
    max_body_bytes: int = Field(default=512 * 2**20, ge=1, description="Largest request of any kind.")
    max_photos_per_case: int = Field(default=200, ge=1, description="Photos a case may hold, withdrawn ones too.")
    manifest_font: Path | None = Field(default=None, description="Font of the PDF manifest; empty: Noto Sans CJK.")
    upload_hours: float = Field(default=24, gt=0, le=720, description="A resumable upload waits so long for a part.")
    retention_days: float | None = Field(
        default=None, gt=0, le=36500, description="A case is deleted so long after it was closed; empty: never."
    )
    retention_open_days: float | None = Field(
        default=None,
        gt=0,
        le=36500,
        description="A case nobody closed is deleted so long after its start; empty: never.",
    )
    orphan_days: float = Field(
        default=7, ge=0.05, le=3650, description="Bytes that belong to no photo are removed after so long."
    )
    sweep_minutes: float = Field(
        default=15, gt=0, le=1440, description="How often what is due to be removed is looked for."
    )
    requests_per_s: float = Field(
        default=100, gt=0, le=10_000, description="Of one key, at one web process, on average."
    )
    requests_burst: int = Field(default=1000, ge=1, le=100_000, description="The same, at once.")
    photos_per_day: int = Field(default=50_000, ge=0, description="Photos a key may upload a day (UTC). 0: any number.")
    gigabytes_per_day: int = Field(default=500, ge=0, description="The same in GB of photos. 0: any number.")
    webhook_http: bool = Field(default=False, description="Allow webhooks to http:// addresses too.")
    webhook_ports: str = Field(default="443,8443", description="Ports that webhooks may go to; empty: any.")
    webhook_networks: str = Field(
        default="", description="Networks that webhooks may go to although not public, such as 10.1.0.0/16,fd00:1::/32."
    )
    webhook_keep_days: int = Field(default=30, ge=6, le=3650, description="For so long a webhook can be sent again.")
    audit_key_file: Path | None = Field(
        default=None, description="Signs the audit log's checkpoints; null: made in data_folder at the first start."
    )
    audit_checkpoint_file: Path | None = Field(
        default=None,
        description="Checkpoints are added to this file too; put it where the database's keeper cannot write.",
    )

    @property
    def database(self) -> str:
        """The database's URL, with the default filled in."""
        return self.database_url or f"sqlite:///{self._in_data_folder('kuaizheng.db')}"

    @property
    def blobs(self) -> str:
        """The blob store's URL, with the default filled in."""
        return self.blob_url or f"file://{self._in_data_folder('blobs')}"

    def _in_data_folder(self, name: str) -> str:
        # A folder's name may hold what ends or changes the path of a URL: # ? %
        return quote(str(self.data_folder.absolute() / name))


def load(file: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of ``file`` (else of the file that ``KUAIZHENG_CONFIG`` names) and the environment.

    Raises `SettingsError` with the setting's name and the reason.
    """
    told = os.environ if environ is None else environ
    path = file or (Path(told[FILE]) if told.get(FILE) else None)
    values: dict[str, Any] = {} if path is None else _read(path)
    for name, value in sorted(told.items()):
        if name.startswith(PREFIX) and name not in ELSEWHERE:
            values[name.removeprefix(PREFIX).lower()] = value
    try:
        return Settings.model_validate({name: _told(name, value) for name, value in values.items()})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise SettingsError(f"setting {name!r} ({PREFIX}{name.upper()}): {first['msg']}") from error


def environment_of(settings: Settings) -> dict[str, str]:
    """The same settings as environment variables, for a process that is started with them.

    All of them, and no file: what it inherits beside these must not set what was left unset here.
    """
    told = settings.model_dump(mode="json")
    told["data_folder"] = str(settings.data_folder.absolute())
    return {FILE: "", **{PREFIX + name.upper(): "" if value is None else str(value) for name, value in told.items()}}


def _told(name: str, value: Any) -> Any:
    """The value; of a setting that may be nothing, empty text is nothing and no path of no name."""
    field = Settings.model_fields.get(name)
    return None if value == "" and field is not None and field.default is None else value


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from error
