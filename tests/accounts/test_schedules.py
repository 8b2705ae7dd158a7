"""When an account is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AwsAccount
from accounts.schedules import NAMED, jitter_of, next_tick, ticks, validate_schedule, validate_zone


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


TABLE = [
    ("15min", "UTC", 0.0, "2026-11-23 17:44", "2026-11-23 17:30"),
    ("15min", "UTC", 0.5, "2026-11-23 17:44", "2026-11-23 17:37"),
    ("hourly", "UTC", 0.5, "2026-11-23 17:29", "2026-11-23 16:30"),
    ("6h", "UTC", 0.0, "2026-11-23 17:44", "2026-11-23 12:00"),
    ("daily", "Europe/Berlin", 0.0, "2026-11-23 17:44", "2026-11-22 23:00"),
    ("daily", "Europe/Berlin", 0.5, "2026-11-22 23:15", "2026-11-21 23:30"),
    ("weekly", "UTC", 0.0, "2026-11-25 01:00", "2026-11-23 00:00"),
    ("30 6 * * 1-5", "UTC", 0.9, "2026-11-22 12:00", "2026-11-20 06:30"),
    ("0 9 1 * *", "Asia/Tokyo", 0.0, "2026-11-23 00:00", "2026-11-01 00:00"),
    ("30 2 * * *", "Europe/Berlin", 0.0, "2026-03-29 12:00", "2026-03-29 01:30"),  # 2:30 skipped
    ("30 2 * * *", "Europe/Berlin", 0.0, "2026-10-25 12:00", "2026-10-25 00:30"),  # 2:30 twice
]


@pytest.mark.parametrize(("schedule", "zone", "jitter", "now", "last"), TABLE)
def test_the_last_time_it_was_due(schedule, zone, jitter, now, last):
    assert next(ticks(schedule, zone, jitter, at(now))) == at(last)


@pytest.mark.parametrize("schedule", [*NAMED, "30 6 * * 1-5", "0 9 1 1 *", "30 2 29 3 *"])
@pytest.mark.parametrize("now", ["2026-03-28 12:00", "2026-11-23 17:44", "2026-11-23 06:30"])
def test_the_next_time_is_the_one_that_is_last_once_it_has_come(schedule, now):
    found = next_tick(schedule, "Europe/Berlin", 0.3, at(now))
    assert found > at(now)
    assert next(ticks(schedule, "Europe/Berlin", 0.3, found)) == found
    before = next(ticks(schedule, "Europe/Berlin", 0.3, found - timedelta(seconds=1)))
    assert before <= at(now)


@pytest.mark.parametrize("schedule", NAMED)
def test_times_of_a_schedule_follow_one_another_and_never_lie_ahead(schedule):
    now = at("2026-03-29 12:00")
    found = list(islice(ticks(schedule, "Europe/Berlin", 0.3, now), 20))
    assert found == sorted(set(found), reverse=True)
    assert found[0] <= now


def test_a_time_is_due_from_its_own_minute_on():
    assert next(ticks("0 6 * * *", "UTC", 0, at("2026-11-23 06:00"))) == at("2026-11-23 06:00")


OVERDUE = [
    ("hourly", "2026-11-23 15:44", False),  # two hours and no more
    ("hourly", "2026-11-23 15:43", True),
    ("15min", "2026-11-23 17:20", False),
    ("30 6 * * 1-5", "2026-11-20 06:40", False),  # Friday's; Monday's was due at 6:30
    ("30 6 * * 1-5", "2026-11-19 06:40", True),
    ("", "2020-01-01 00:00", False),  # nobody asked for any
]


@pytest.mark.parametrize(("schedule", "last", "overdue"), OVERDUE)
def test_an_account_is_overdue_after_two_intervals_without_a_whole_crawl(schedule, last, overdue):
    account = AwsAccount(pk=1, schedule=schedule)
    assert account.is_overdue(at(last), at("2026-11-23 17:44")) is overdue


def test_a_weekend_makes_nothing_overdue_that_is_read_on_working_days():
    account = AwsAccount(pk=1, schedule="30 6 * * 1-5")
    assert not account.is_overdue(at("2026-11-20 06:40"), at("2026-11-23 06:29"))


def test_jitter_is_an_accounts_own_and_stays():
    assert jitter_of(1) == jitter_of(1) != jitter_of(2)
    assert all(0 <= jitter_of(key) < 1 for key in range(100))


@pytest.mark.parametrize("schedule", ["", "daily", "*/5 * * * *", "0 0 1 1 *"])
def test_it_takes_a_name_a_cron_line_or_nothing(schedule):
    validate_schedule(schedule)


@pytest.mark.parametrize(
    "schedule", ["often", "* * * *", "61 * * * *", "a b c d e", "0 0 * * 9", "0 0 30 2 *"]
)
def test_it_says_what_a_cron_line_looks_like(schedule):
    with pytest.raises(ValidationError, match="is no schedule"):
        validate_schedule(schedule)


def test_it_refuses_a_time_zone_that_does_not_exist():
    validate_zone("Europe/Berlin")
    with pytest.raises(ValidationError, match="is no time zone"):
        validate_zone("../etc/passwd")


def test_it_refuses_a_day_that_does_not_come_in_four_years():
    validate_schedule("0 0 29 2 *")
    refused = 0
    for weekday in range(7):
        try:
            validate_schedule(f"0 0 29 2 {weekday}")
        except ValidationError as error:
            refused += "does not come" in str(error)
    assert refused >= 5
