"""The audit command: its exit codes are what a pipeline acts on."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime

import jsonschema
import pytest
from django.core.management import CommandError

from config import console
from topology.analysis import Guard, Loop
from topology.graph import Gap, Read, ReadStatus
from topology.management.commands.audit import exit_code
from topology.management.writing import write_whole
from topology.reports import json_report
from topology.reports.report import Coverage, Report
from topology.verdict import LoopVerdict, scope_verdict

THEN = datetime(2026, 11, 1, tzinfo=UTC)
GAP = Gap("1", "eu-west-1", "s3.list_buckets", "s3:ListAllMyBuckets", "", "AccessDenied", "no")


def loop(verdict: str) -> Loop:
    return Loop((), LoopVerdict(verdict), verdict, verdict, Guard(False, ""), "")


def report(*loops: str, gaps=(), accepted=(), stale=(), status=ReadStatus.COMPLETE) -> Report:
    read = Read("1", "eu-west-1", "s3.list_buckets", "s3:ListAllMyBuckets", status)
    coverage = Coverage(("1",), ("eu-west-1",), THEN, THEN, (read,), gaps, accepted, stale)
    found = tuple(map(loop, loops))
    verdict = scope_verdict([each.verdict for each in found], coverage.settled, gaps)
    return Report(verdict, coverage, gaps, found, 0)


UNREAD = {"gaps": (GAP,), "status": ReadStatus.NOT_READ}
TABLE = [
    # threshold, loops, what could not be read, exit code
    ("live", [], {}, 0),
    ("live", ["live"], {}, 1),
    ("live", ["guarded"], {}, 1),
    ("live", ["possible"], {}, 0),
    ("live", ["retry-storm", "blocked", "accepted"], {}, 0),
    ("guarded", ["guarded"], {}, 1),
    ("guarded", ["possible"], {}, 0),
    ("possible", ["live"], {}, 1),
    ("possible", ["possible"], {}, 1),
    ("possible", ["retry-storm"], {}, 0),
    ("retry-storm", ["retry-storm"], {}, 1),
    ("retry-storm", ["possible"], {}, 1),
    ("retry-storm", ["blocked"], {}, 0),
    ("blocked", ["blocked"], {}, 1),
    ("blocked", ["accepted"], {}, 0),
    ("live", [], UNREAD, 3),
    ("live", ["possible"], UNREAD, 3),
    ("live", ["live"], UNREAD, 1),
    ("live", [], {"status": ReadStatus.NOT_READ}, 3),
    ("live", [], {"status": ReadStatus.PARTIAL}, 3),
    ("live", [], {"gaps": (GAP,)}, 3),
    ("live", [], {"stale": ("eu-west-1 was not read",)}, 3),
    ("live", [], {"accepted": (GAP,), "status": ReadStatus.NOT_READ}, 0),
    ("live", ["live"], {"accepted": (GAP,)}, 1),
]


@pytest.mark.parametrize(("fail_on", "loops", "unread", "code"), TABLE)
def test_it_exits_with(fail_on, loops, unread, code):
    assert exit_code(report(*loops, **unread), LoopVerdict(fail_on)) == code


def test_it_replaces_a_file_at_once(tmp_path):
    out = tmp_path / "report.json"
    out.write_text("old")
    write_whole(out, [b"new"])
    assert out.read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_a_report_that_cannot_be_written_leaves_the_old_one(tmp_path):
    out = tmp_path / "report.json"
    out.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(out, (text.encode() for text in ("half", "\ud800")))
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [
        ("report.json", "old")
    ]


def test_a_report_is_readable_as_any_new_file_is(tmp_path):
    plain, out = tmp_path / "plain", tmp_path / "report.json"
    plain.write_text("")
    write_whole(out, [b"new"])
    assert stat.S_IMODE(out.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_a_folder_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        write_whole(tmp_path / "nowhere" / "report.json", [b"new"])


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as exit_:
        console.main(["audit", "--region", "eu-west-1", *arguments])
    return int(exit_.value.code or 0)


@pytest.fixture
def empty(aws, monkeypatch):
    """An account with nothing in it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.endpoint_url)
    return ["--role-arn", aws.role_arn]


def test_an_empty_account_is_clear(empty, capfd):
    assert run(*empty, "--format", "json") == 0
    document = json.loads(capfd.readouterr().out)
    jsonschema.validate(document, json_report.schema())
    assert document["scope"]["verdict"] == "no-loop-within-scope"
    assert document["scope"]["regions"] == ["eu-west-1", "global"]


def test_it_writes_the_report_to_a_file(empty, tmp_path, capfd):
    out = tmp_path / "report.txt"
    assert run(*empty, "--out", str(out)) == 0
    assert out.read_text().startswith("NO LOOP WITHIN SCOPE")
    assert capfd.readouterr().out == ""


def test_a_masked_audit_names_no_account_and_leaves_no_key(empty, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    assert run(*empty, "--mask", "--format", "json") == 0
    document = json.loads(capfd.readouterr().out)
    jsonschema.validate(document, json_report.schema())
    (account,) = document["scope"]["accounts"]
    assert account.startswith("0000")
    assert list(tmp_path.iterdir()) == []


def test_it_may_be_told_to_distrust_code(empty, capfd):
    assert run(*empty, "--distrust-code") == 0
    assert capfd.readouterr().out.startswith("NO LOOP WITHIN SCOPE")


def test_it_works_with_what_it_is_told_to_assume(empty, capfd):
    assume = ("--assume", "writes_per_invocation=2", "--assume", "duration=0.2-3")
    assert run(*empty, "--format", "json", *assume) == 0
    told = json.loads(capfd.readouterr().out)["assumptions"]
    assert told["writes"] == {"low": 2, "high": 2}
    assert told["duration"] == {"low": 0.2, "high": 3}


ACCEPTED = """
[[gap]]
call = "s3.list_buckets"
reason = "no buckets of ours here"
owner = "platform@example.com"
expires = {}
"""


@pytest.mark.parametrize(
    ("expires", "code", "headline"),
    [("2999-12-31", 0, "NO LOOP WITHIN SCOPE"), ("2026-01-01", 3, "INCOMPLETE")],
)
def test_a_refused_call_is_incomplete_unless_it_was_accepted_until_now(
    expires, code, headline, empty, proxy, monkeypatch, tmp_path, capfd
):
    monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
    proxy.deny("s3.ListBuckets")
    assert run(*empty) == 3
    assert "Needs s3:ListAllMyBuckets." in capfd.readouterr().out
    file = tmp_path / "gaps.toml"
    file.write_text(ACCEPTED.format(expires))
    assert run(*empty, "--accept-gaps", str(file)) == code
    said = capfd.readouterr()
    assert said.out.startswith(headline)
    assert "s3.list_buckets: AccessDenied" in said.out
    assert ("Accepted gaps:" in said.out) == (code == 0)
    assert ("expired on 2026-01-01" in said.err) == (code == 3)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--region", "eu-west-9"], "no AWS Region called 'eu-west-9'"),
        (["--profile", "nobody"], "nobody"),
        (["--accept-gaps", "/nowhere/gaps.toml"], "cannot be read: No such file or directory."),
        (["--fail-on", "sometimes"], "invalid choice: 'sometimes'"),
        (["--format", "docx"], "invalid choice: 'docx'"),
        (["--assume", "writes=-1"], "writes must be a number"),
        (["--assume", "duration=0.1-901"], "duration must be between 0.001 and 900"),
        (["--assume", "colour=1"], "colour is no assumption"),
        (["--assume", "seconds=60.5"], "seconds must be a whole number"),
        (["--assume", "writes"], "writes must be a number"),
    ],
)
def test_a_wrong_call_exits_with_2_and_says_why(arguments, said, empty, capfd):
    assert run(*empty, *arguments) == 2
    last = capfd.readouterr().err.strip().splitlines()[-1]
    assert said in last


def test_an_endpoint_that_does_not_answer_is_one_line(empty, proxy, monkeypatch, capfd):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert run(*empty) == 2
    (line,) = capfd.readouterr().err.strip().splitlines()
    assert line.startswith("loopscope: AWS cannot be reached")
