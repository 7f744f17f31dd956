"""Settings: every fault at once and by name, secrets kept and never shown."""

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import config
from lms import create_app
from tests.services.server import ROOT

PASSWORD = "hush-hush"


def test_production_names_every_unsafe_setting_at_once(tmp_path: Path) -> None:
    with pytest.raises(config.UnsafeSettings) as refusal:
        config.load({"LMS_ENV": "production", "LMS_DATA_DIR": str(tmp_path)})
    for name in ("LMS_SECRET_KEY", "LMS_BASE_URL", "LMS_CONTENT_ORIGIN"):
        assert name in str(refusal.value)


def test_an_unknown_environment_is_refused_with_those_there_are() -> None:
    with pytest.raises(config.UnsafeSettings, match="embedded, production, testing"):
        config.load({"LMS_ENV": "prod"})


def test_a_server_with_unsafe_settings_does_not_start(tmp_path: Path) -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "lms", "serve"],
        cwd=ROOT,
        env={**os.environ, "LMS_ENV": "production", "LMS_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert outcome.returncode != 0
    assert "LMS_SECRET_KEY" in outcome.stderr
    assert list(tmp_path.iterdir()) == []


def test_processes_that_start_together_share_one_secret_that_others_cannot_read(
    tmp_path: Path,
) -> None:
    environ = {"LMS_DATA_DIR": str(tmp_path)}
    with ThreadPoolExecutor(8) as threads:
        secrets = set(threads.map(lambda _n: config.load(environ)["SECRET_KEY"], range(8)))
    assert len(secrets) == 1
    assert len(str(secrets.pop())) >= 32
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_is_reached_by_the_driver_there_is(tmp_path: Path, scheme: str) -> None:
    environ = {"LMS_DATA_DIR": str(tmp_path), "LMS_DATABASE_URL": f"{scheme}://u@h/d"}
    assert config.load(environ)["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://u@h/d"


def test_the_list_of_settings_shows_each_and_no_secret(tmp_path: Path) -> None:
    app = create_app(
        {
            "LMS_DATA_DIR": str(tmp_path),
            "LMS_SECRET_KEY": PASSWORD * 4,
            "LMS_DATABASE_URL": f"postgresql://lms:{PASSWORD}@db.example/lms",
            "LMS_MAIL_URL": f"smtp://lms:{PASSWORD}@mail.example:587",
        }
    )
    for options in ([], ["--json"]):
        outcome = app.test_cli_runner().invoke(args=["config", *options])
        assert outcome.exit_code == 0
        assert PASSWORD not in outcome.stdout
        assert "db.example" in outcome.stdout
    named = {setting["name"] for setting in json.loads(outcome.stdout)["settings"]}
    assert named == {setting.name for setting in config.SETTINGS}
