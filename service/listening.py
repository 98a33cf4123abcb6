"""Serving HTTP until told to stop, and the one line about an address that cannot be listened at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.settings import SettingsError

if TYPE_CHECKING:  # the commands that answer no requests need not load it
    from uvicorn import Server


def listen(server: Server) -> None:
    """Serves until stopped. Raises `SettingsError` where another program has the port, or the host is none of ours.

    uvicorn logs that and exits with 3, and of its log nothing but the line of its code gets through ours.
    """
    try:
        server.run()
    except SystemExit as error:
        reason = error.__context__
        if server.started or not isinstance(reason, OSError):
            raise
        place = f"{server.config.host}:{server.config.port}"
        raise SettingsError(f"setting 'port': cannot listen at {place}: {reason.strerror}") from reason
