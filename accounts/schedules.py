"""When an account is due: named intervals, or a cron line in a time zone, moved a little by jitter.

Source: https://docs.celeryq.dev/en/stable/reference/celery.schedules.html (the cron parser)
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo, available_timezones

from celery.schedules import ParseException, crontab
from django.core.exceptions import ValidationError

INTERVALS = {  # by name; longer ones follow the clock of a time zone
    "15min": timedelta(minutes=15),
    "hourly": timedelta(hours=1),
    "6h": timedelta(hours=6),
}
CRON = {"daily": "0 0 * * *", "weekly": "0 0 * * 1"}
NAMED = (*INTERVALS, *CRON)
SPREAD = timedelta(hours=1)  # the most that jitter moves a crawl
YEARS = 4 * 366  # days: three ticks of a yearly cron line, and one 29th of February
FIELDS = 5


def validate_schedule(schedule: str) -> None:
    """Raise ``ValidationError`` unless it is a name in ``NAMED``, a cron line, or empty."""
    if not schedule or schedule in NAMED:
        return
    cron, today = _parsed(schedule), datetime.now(UTC).date()
    if not any(_is_on(cron, today - timedelta(each)) for each in range(YEARS)):
        raise ValidationError(f"{schedule} names a day that does not come in four years.")


def validate_zone(name: str) -> None:
    """Raise ``ValidationError`` unless it is a time zone of the IANA database."""
    if name not in available_timezones():
        raise ValidationError(f"{name} is no time zone. Use a name like Europe/Berlin, or UTC.")


def ticks(schedule: str, zone: str, jitter: float, now: datetime) -> Iterator[datetime]:
    """The times at or before ``now`` at which a crawl was due, latest first, in UTC.

    ``jitter`` from 0 to 1 says where in the interval an account's times lie; times of a cron line
    are the person's own, and are not moved. An hour that a clock skips is taken an hour later, one
    that it repeats is taken once.
    """
    if schedule in INTERVALS:
        interval = INTERVALS[schedule]
        offset = _whole_minutes(min(interval, SPREAD) * jitter)
        epoch = datetime(1970, 1, 1, tzinfo=UTC) + offset
        last = epoch + (now - epoch) // interval * interval
        while True:
            yield last
            last -= interval
    offset = _whole_minutes(SPREAD * jitter) if schedule in CRON else timedelta()
    for tick in _of_cron(CRON.get(schedule, schedule), ZoneInfo(zone), now - offset):
        yield tick + offset


def next_tick(schedule: str, zone: str, jitter: float, now: datetime) -> datetime:
    """The first time after ``now``, in UTC."""
    if schedule in INTERVALS:
        return next(ticks(schedule, zone, jitter, now)) + INTERVALS[schedule]
    offset = _whole_minutes(SPREAD * jitter) if schedule in CRON else timedelta()
    cron, there = _parsed(CRON.get(schedule, schedule)), ZoneInfo(zone)
    today = (now - offset).astimezone(there).date()
    return next(
        each + offset
        for ahead in range(-1, YEARS)
        for each in _on_day(cron, today + timedelta(days=ahead), there)
        if each + offset > now
    )


def jitter_of(key: int) -> float:
    """The same number from 0 to 1 for the same account, on every machine."""
    return int.from_bytes(sha256(str(key).encode()).digest()[:4]) / 2**32


def _of_cron(line: str, zone: ZoneInfo, now: datetime) -> Iterator[datetime]:
    cron = _parsed(line)
    today = now.astimezone(zone).date()
    for back in range(-1, YEARS):  # a skipped hour may move a time into the next day
        times = _on_day(cron, today - timedelta(days=back), zone)
        yield from (each for each in reversed(times) if each <= now)


def _is_on(cron: crontab, day: date) -> bool:
    return (
        day.month in cron.month_of_year
        and day.day in cron.day_of_month
        and day.isoweekday() % 7 in cron.day_of_week
    )


def _on_day(cron: crontab, day: date, zone: ZoneInfo) -> list[datetime]:
    if not _is_on(cron, day):
        return []
    times = {
        datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)
        for hour in cron.hour
        for minute in cron.minute
    }
    return sorted(times)


def _parsed(line: str) -> crontab:
    fields = line.split()
    sentence = (
        f"{line} is no schedule. Give minute, hour, day of month, month and day of week, all of "
        "which must match, like 30 6 * * 1-5."
    )
    if len(fields) != FIELDS:
        raise ValidationError(sentence)
    minute, hour, day, month, weekday = fields
    try:
        return crontab(minute, hour, weekday, day, month)
    except (ParseException, ValueError) as error:
        raise ValidationError(sentence) from error


def _whole_minutes(span: timedelta) -> timedelta:
    return span // timedelta(minutes=1) * timedelta(minutes=1)
