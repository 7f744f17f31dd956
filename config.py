"""Every setting of the product, in one place, read from LMS_* environment variables.

The defaults run embedded: one SQLite file, jobs and files under ``instance/``.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
ENVIRONMENTS = ("embedded", "production", "testing")


@dataclass(frozen=True)
class Setting:
    """One LMS_* variable: its name, its default and what it is for."""

    name: str
    default: str
    purpose: str


SETTINGS = (
    Setting("LMS_ENV", "embedded", "embedded, production or testing"),
    Setting("LMS_DATA_DIR", "instance", "folder of the database, jobs and files"),
    Setting("LMS_DATABASE_URL", "", "empty: SQLite in LMS_DATA_DIR; else postgresql://…"),
    Setting("LMS_REDIS_URL", "", "empty: jobs in a SQLite file; else redis://…"),
    Setting(
        "LMS_STORAGE_URL", "", "empty: files in LMS_DATA_DIR; else file:… or s3://bucket/prefix"
    ),
    Setting("LMS_SECRET_KEY", "", "signs tokens; empty: made once and kept in LMS_DATA_DIR"),
    Setting("LMS_BASE_URL", "", "address people use; empty: http://127.0.0.1:<LMS_PORT>"),
    Setting(
        "LMS_CONTENT_ORIGIN",
        "",
        "origin of uploaded packages; empty: the same port under localhost; "
        "with *. before the host each package gets a name of its own",
    ),
    Setting(
        "LMS_MAIL_URL", "", "smtp://user:password@host:port?from=…; empty: mail waits in the outbox"
    ),
    Setting(
        "LMS_VIRUS_SCANNER",
        "",
        "clamd that looks at what trainers bring: /path/of.sock or host:port",
    ),
    Setting("LMS_PORT", "8000", "port of the web server"),
    Setting("LMS_LIBRARY_QUOTA_MB", "2048", "megabytes that each trainer may keep in the library"),
    Setting("LMS_TIME_ZONE", "Asia/Ho_Chi_Minh", "time zone in which dates are shown"),
)


class UnsafeSettings(ValueError):
    """Production was asked for with settings that would not be safe."""


def load(environ: Mapping[str, str]) -> dict[str, object]:
    """Return the Flask configuration for these environment variables.

    Raises UnsafeSettings in production when a setting is missing or unsafe,
    naming each one.
    """
    values = {s.name: environ.get(s.name, "") or s.default for s in SETTINGS}
    if values["LMS_ENV"] not in ENVIRONMENTS:
        msg = f"LMS_ENV is {values['LMS_ENV']!r}; it must be one of {', '.join(ENVIRONMENTS)}"
        raise UnsafeSettings(msg)
    _refuse_unsafe(values)
    if not values["LMS_LIBRARY_QUOTA_MB"].isdecimal():
        raise UnsafeSettings("LMS_LIBRARY_QUOTA_MB must be a whole number of megabytes")
    data_dir = _data_dir(values)
    port = values["LMS_PORT"]
    values["LMS_BASE_URL"] = (values["LMS_BASE_URL"] or f"http://127.0.0.1:{port}").rstrip("/")
    values["LMS_CONTENT_ORIGIN"] = _content_origin(values)
    values["LMS_STORAGE_URL"] = values["LMS_STORAGE_URL"] or f"file:{data_dir / 'files'}"
    database = values["LMS_DATABASE_URL"] or f"sqlite:///{data_dir / 'lms.sqlite'}"
    secure = values["LMS_ENV"] == "production"
    return {
        **values,
        "LMS_DATA_DIR": str(data_dir),
        "LMS_DATABASE_URL": database,
        "SECRET_KEY": values["LMS_SECRET_KEY"] or _kept_secret(data_dir),
        "SQLALCHEMY_DATABASE_URI": _driver_url(database),
        "TESTING": values["LMS_ENV"] == "testing",
        "SESSION_COOKIE_NAME": "__Host-lms" if secure else "lms",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": 32 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "vi",
        "BABEL_DEFAULT_TIMEZONE": values["LMS_TIME_ZONE"],
        "RATELIMIT_STORAGE_URI": values["LMS_REDIS_URL"] or "memory://",
    }


def _refuse_unsafe(values: Mapping[str, str]) -> None:
    """Stop a production start on a setting that would expose people."""
    if values["LMS_ENV"] != "production":
        return
    faults = []
    if len(values["LMS_SECRET_KEY"]) < 32:
        faults.append("LMS_SECRET_KEY must be set, 32 characters or more")
    if urlsplit(values["LMS_BASE_URL"]).scheme != "https":
        faults.append("LMS_BASE_URL must be an https:// address")
    origin = urlsplit(values["LMS_CONTENT_ORIGIN"])
    if origin.scheme != "https" or origin.hostname == urlsplit(values["LMS_BASE_URL"]).hostname:
        faults.append("LMS_CONTENT_ORIGIN must be an https:// origin on another host")
    if faults:
        raise UnsafeSettings("; ".join(faults))


def _content_origin(values: Mapping[str, str]) -> str:
    """Return an origin whose host is not the product's: cookies know hosts, not ports.

    Raises UnsafeSettings when the two are the same host.
    """
    product = urlsplit(values["LMS_BASE_URL"]).hostname
    other = "127.0.0.1" if product == "localhost" else "localhost"
    origin = values["LMS_CONTENT_ORIGIN"].rstrip("/") or f"http://{other}:{values['LMS_PORT']}"
    if urlsplit(origin).hostname == product:
        raise UnsafeSettings("LMS_CONTENT_ORIGIN must be an origin on another host")
    return origin


def _data_dir(values: Mapping[str, str]) -> Path:
    data_dir = Path(values["LMS_DATA_DIR"])
    data_dir = data_dir if data_dir.is_absolute() else ROOT / data_dir
    data_dir.mkdir(parents=True, exist_ok=True)
    return data_dir


def _kept_secret(data_dir: Path) -> str:
    """Return the secret kept in the data folder, making it at the first start."""
    path = data_dir / "secret_key"
    if not path.exists():
        draft = data_dir / f"secret_key.{secrets.token_hex(4)}"
        draft.write_text(secrets.token_urlsafe(48))
        draft.chmod(0o600)
        try:
            # A link fails when another process was first; its secret then counts.
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def _driver_url(database: str) -> str:
    """Name the psycopg driver that SQLAlchemy is to use for PostgreSQL."""
    for prefix in ("postgresql://", "postgres://"):
        if database.startswith(prefix):
            return "postgresql+psycopg://" + database.removeprefix(prefix)
    return database
