"""Accepting a gap takes a name, a reason, an owner and a date, or it is not accepted."""

from __future__ import annotations

from datetime import date

import pytest

from topology.graph import Gap
from topology.management import baseline
from topology.reports.acceptance import Acceptance, Accepted

WHOLE = """
[[gap]]
call = "s3.get_bucket_notification_configuration"
region = "eu-west-1"
resource = "orders"
reason = "the bucket of another team"
owner = "platform@example.com"
expires = 2026-12-31
"""
LOOP = """
[[loop]]
fingerprint = "0f0f0f0f0f0f0f0f"
reason = "it ends by itself"
owner = "shop@example.com"
expires = 2026-12-31
"""
TODAY = date(2026, 11, 1)
GAP = Gap(
    "123456789012",
    "eu-west-1",
    "s3.get_bucket_notification_configuration",
    "s3:GetBucketNotification",
    "orders",
    "AccessDenied",
    "no",
)


def accepts(entry: Acceptance, gap: Gap, today: date = TODAY) -> bool:
    return Accepted.on(today, [entry]).gap(gap)


def read(tmp_path, text: str):
    file = tmp_path / "gaps.toml"
    file.write_text(text)
    return baseline.read(file)


def test_it_accepts_the_gap_it_names(tmp_path):
    (entry,) = read(tmp_path, WHOLE)
    assert accepts(entry, GAP)


@pytest.mark.parametrize(
    ("field", "value"),
    [("call", "s3.list_buckets"), ("region", "us-east-1"), ("resource", "other"), ("resource", "")],
)
def test_it_accepts_no_other_gap(tmp_path, field, value):
    (entry,) = read(tmp_path, WHOLE)
    other = Gap(**{name: getattr(GAP, name) for name in GAP.__slots__} | {field: value})
    assert not accepts(entry, other)


def test_without_region_and_resource_it_accepts_the_call_anywhere(tmp_path):
    lines = [line for line in WHOLE.splitlines() if not line.startswith(("region", "resource"))]
    (entry,) = read(tmp_path, "\n".join(lines))
    assert accepts(entry, GAP)


@pytest.mark.parametrize(
    ("today", "counts"), [(date(2026, 12, 31), True), (date(2027, 1, 1), False)]
)
def test_it_counts_until_the_end_of_its_last_day(tmp_path, today, counts):
    (entry,) = read(tmp_path, WHOLE)
    assert accepts(entry, GAP, today) == counts


def test_an_empty_file_accepts_nothing(tmp_path):
    assert read(tmp_path, "") == ()


MALFORMED = {
    "is not TOML": "[[gap",
    "may hold [[gap]], [[loop]], [[finding]] tables and nothing else": 'gaps = "all"',
    "gap 1: write it as a [[gap]] table": "gap = [1]",
    "[[finding]] tables": 'gap = "all"',
    "loop 1 has no 'fingerprint'": "[[loop]]",
    "loop 1: fingerprint must be 16 digits": LOOP.replace("0f0f", "0F0F"),
    "loop 1: verdict must be one of live": LOOP + 'verdict = "blocked"',
    "finding 1 has an unknown 'verdict'": LOOP.replace("loop", "finding") + 'verdict = "live"',
    "gap 1 has no 'owner'": WHOLE.replace("owner", "# owner"),
    "gap 1 has no 'expires'": WHOLE.replace("expires", "# expires"),
    "gap 2 has no 'call'": WHOLE + "[[gap]]",
    "gap 1 has an unknown 'regions'": WHOLE.replace("region =", "regions ="),
    "expires must be a date": WHOLE.replace("2026-12-31", '"2026-12-31"'),
    "expires must be a date,": WHOLE.replace("2026-12-31", "2026-12-31T00:00:00Z"),
    "reason must be a text that is not empty": WHOLE.replace('"the bucket of another team"', '" "'),
    "call must be a text": WHOLE.replace('"s3.get_bucket_notification_configuration"', "7"),
}


@pytest.mark.parametrize("message", MALFORMED)
def test_a_malformed_file_says_where_and_why(tmp_path, message):
    with pytest.raises(baseline.BaselineError) as error:
        read(tmp_path, MALFORMED[message])
    assert message in str(error.value)
    assert str(tmp_path / "gaps.toml") in str(error.value)


def test_a_file_that_is_not_text_says_so(tmp_path):
    file = tmp_path / "gaps.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(baseline.BaselineError, match="is not TOML"):
        baseline.read(file)
