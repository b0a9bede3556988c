"""Settings, all from the environment; docs/administrators/settings.md explains each."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from portal import paths


class BadSetting(Exception):
    """A setting that would make the portal unsafe or unable to start; the text says the remedy."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment decides; everything else is in the database."""

    home: Path
    database_url: str
    secret_key: str
    secret_key_fallbacks: tuple[str, ...] = ()
    public_base_url: str = ""
    trusted_hosts: tuple[str, ...] = ()
    proxies: int = 0
    production: bool = False
    allow_http: bool = False
    smtp_url: str = ""
    mail_from: str = ""
    embedded_tick: bool = True

    @property
    def secure(self) -> bool:
        """Whether cookies are `__Host-` and Secure: exactly when people reach us by https."""
        return self.public_base_url.startswith("https://")


def database_place(environ: Mapping[str, str] | None = None) -> tuple[Path, str]:
    """(home folder, address of the database), asked without making either."""
    env = os.environ if environ is None else environ
    home = Path(env["PORTAL_HOME"]).resolve() if env.get("PORTAL_HOME") else paths.home()
    return home, _database_url(env.get("DATABASE_URL", ""), home)


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises BadSetting with the remedy."""
    env = os.environ if environ is None else environ
    home, address = database_place(env)
    base = env.get("PUBLIC_BASE_URL", "").rstrip("/")
    hosts = tuple(h.strip() for h in env.get("TRUSTED_HOSTS", "").split(",") if h.strip())
    if base and not hosts:
        hosts = (urlsplit(base).hostname or "",)
    return Settings(
        home=home,
        database_url=address,
        secret_key=_secret_key(env.get("SECRET_KEY", ""), home),
        secret_key_fallbacks=tuple(k for k in env.get("SECRET_KEY_FALLBACKS", "").split(",") if k),
        public_base_url=base,
        trusted_hosts=hosts,
        proxies=_proxies(env.get("PROXIES", "")),
        production=env.get("PORTAL_ENV", "") == "production",
        allow_http=env.get("ALLOW_HTTP", "") == "1",
        smtp_url=env.get("SMTP_URL", ""),
        mail_from=env.get("MAIL_FROM", ""),
        embedded_tick=env.get("EMBEDDED_TICK", "1") == "1",
    )


def _proxies(chosen: str) -> int:
    if not chosen.strip():
        return 0
    if not (chosen.strip().isascii() and chosen.strip().isdigit()):
        raise BadSetting("PROXIES is the number of reverse proxies in front: 0, 1, 2 …")
    return int(chosen)


def _database_url(chosen: str, home: Path) -> str:
    if not chosen:
        return f"sqlite:///{home / 'portal.db'}"
    for name in ("postgres://", "postgresql://"):
        if chosen.startswith(name):
            return "postgresql+psycopg://" + chosen[len(name) :]
    return chosen


def _secret_key(chosen: str, home: Path) -> str:
    """The key given, or a random one kept in the home folder (0600) from the first start on."""
    if chosen:
        if len(chosen) < 32:
            raise BadSetting(
                "SECRET_KEY is too short: give at least 32 random characters, "
                "or leave it out and one is made and kept in the home folder."
            )
        return chosen
    place = home / "secret.key"
    if place.exists():
        return place.read_text().strip()
    home.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(48)
    with os.fdopen(os.open(place, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        file.write(key)
    return key
