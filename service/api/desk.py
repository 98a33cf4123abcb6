"""What officers and administrators work with, as one group of routes."""

from __future__ import annotations

from fastapi import FastAPI

from service.api import keys, officers, reviews, search, sessions, sessions_oidc
from service.api.sessions_steps import PER_ADDRESS, SENT_OFF
from service.guard.ratelimit import Limiter
from service.oidc_client import OidcClient
from service.settings import Settings


def add_desk(app: FastAPI, settings: Settings) -> None:
    """Adds the routes and what they share. Raises `SettingsError` for a provider that lacks something."""
    app.state.logins, app.state.redirects = Limiter((PER_ADDRESS,)), Limiter((SENT_OFF,))
    app.state.oidc = OidcClient(settings) if settings.oidc_issuer else None
    for module in (sessions, sessions_oidc, officers, keys, reviews, search):
        app.include_router(module.router)
