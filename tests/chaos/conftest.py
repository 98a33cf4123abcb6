"""The databases of the integration tests, for chaos too."""

from tests.integration.conftest import (  # noqa: F401 - fixtures
    anyio_backend,
    database_url,
    postgresql_server,
    postgresql_template,
    sqlite_template,
)
