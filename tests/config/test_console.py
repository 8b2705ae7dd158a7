"""The console script: one line and exit code 2 for every error, whatever it was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import checks, console, data_directory, databases
from topology import catalog


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a person calls it on a machine with nothing set up."""
    team = ("DATABASE_URL", "REDIS_URL")
    stand_alone = {name: value for name, value in os.environ.items() if name not in team}
    return subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
        env={**stand_alone, "DJANGO_SETTINGS_MODULE": "config.settings", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def main(*arguments: str) -> int:
    with pytest.raises(SystemExit) as exit_:
        console.main(arguments)
    return int(exit_.value.code or 0)


@pytest.mark.parametrize("arguments", [(), ("help",), ("--help",)])
def test_it_lists_its_commands(arguments, capsys):
    assert main(*arguments) == 0
    out = capsys.readouterr().out
    for name in ("audit", "completion", "demo", "diff", "explore", "policy", "report", "signin"):
        assert f"\n  {name} " in out


def test_an_unknown_command_exits_with_2_and_lists_the_known(capsys):
    assert main("exlpore") == 2
    assert "no command 'exlpore'" in capsys.readouterr().err


def test_an_unknown_option_exits_with_2(capsys):
    assert main("policy", "--yaml") == 2
    assert "unrecognized arguments: --yaml" in capsys.readouterr().err


def test_it_prints_the_policy_of_every_declared_call(capfd):
    assert main("policy") == 0
    statements = json.loads(capfd.readouterr().out)["Statement"]
    declared = {s.action_of(call) for s in catalog.services() for call in s.calls}
    assert {action for each in statements for action in each["Action"]} == declared


def test_the_policy_leaves_nothing_behind(tmp_path):
    result = run("policy", LOOPSCOPE_DATA_DIR=str(tmp_path / "data"))
    assert (result.returncode, list(tmp_path.iterdir())) == (0, [])


@pytest.mark.parametrize("url", ["mysql://root:secret@host/name", "nonsense", "secret:"])
def test_an_unknown_database_is_one_sentence_without_its_password(url):
    with pytest.raises(ImproperlyConfigured, match="neither sqlite:///path nor postgres") as error:
        databases.of_url(url)
    assert "secret" not in str(error.value)


def test_broken_configuration_is_one_line():
    result = run("migrate", DATABASE_URL="mysql://root:secret@host/name")
    assert (result.returncode, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("loopscope: ImproperlyConfigured: DATABASE_URL is neither")


def test_an_error_nobody_expected_is_one_line_and_shows_where_if_asked(tmp_path):
    (tmp_path / "loopscope.sqlite3").write_text("not a database " * 100)
    result = run("migrate", LOOPSCOPE_DATA_DIR=str(tmp_path), LOOPSCOPE_DEBUG="1")
    assert result.returncode == 2
    *trace, line = result.stderr.splitlines()
    assert line.startswith("loopscope: DatabaseError: file is not a database")
    assert trace[0] == "Traceback (most recent call last):"


def test_the_secret_key_is_made_once_for_its_owner_only(tmp_path):
    made = {data_directory.secret_key(tmp_path / "data") for _ in range(2)}
    assert [len(key) for key in made] == [64]
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret-key"]
    assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_the_data_directory_is_its_owners(tmp_path):
    data_directory.prepare(tmp_path / "data")
    data_directory.prepare(tmp_path / "data")
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


CHECKS = [
    (checks.broker_is_redis, "REDIS_URL", "", None),
    (checks.broker_is_redis, "REDIS_URL", "rediss://host/0", None),
    (checks.broker_is_redis, "REDIS_URL", "amqp://host", "loopscope.E002"),
    (checks.other_machines_need_tls, "ALLOWED_HOSTS", ["localhost"], None),
    (checks.other_machines_need_tls, "ALLOWED_HOSTS", ["loops.example.com"], "loopscope.W001"),
    (checks.data_directory_is_writable, "DATA_DIR", Path("/dev/null/data"), "loopscope.E001"),
]


@pytest.mark.parametrize(("check", "name", "value", "id_"), CHECKS)
def test_a_doubtful_setting_is_a_system_check_with_a_hint(check, name, value, id_, settings):
    setattr(settings, name, value)
    messages = check()
    assert [message.id for message in messages] == ([id_] if id_ else [])
    assert all(message.hint for message in messages)


@pytest.mark.parametrize(("key", "found"), [("short", 1), ("x" * 32, 0), ("", 0)])
def test_a_secret_key_that_can_be_guessed_is_refused(key, found, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", key)
    assert len(checks.secret_key_is_long()) == found
