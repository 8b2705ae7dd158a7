"""What is watched between readings, and the outbox: alerts with their deliveries, written once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Workspace
from topology.models import Alert, Analysis, Channel, Delivery, Watched
from topology.reports.subjects import Kind, Seen, Subject, Turn, Whole, as_json, from_json, turn
from topology.verdict import LoopVerdict

Key = tuple[str, str]
GONE = "gone"  # the state of what was resolved because it is not there any more


def watch(
    workspace: Workspace,
    moment: int,
    subjects: Iterable[Subject],
    whole: Whole,
    kinds: tuple[Kind, ...] = (Kind.LOOP, Kind.FINDING),
) -> list[Alert]:
    """Compare a reading's subjects with what was watched, and write what became of each.

    Belongs into the transaction that publishes the reading. The workspace's row is locked, so of
    two that tell of one moment the second finds nothing new; a reading older than the latest one
    tells nothing.
    """
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        if Analysis.objects.filter(workspace=workspace, moment__gt=moment).exists():
            return []
        now: dict[Key, Subject] = {(each.kind, each.fingerprint): each for each in subjects}
        seen = dict(_seen(workspace, kinds))
        turns = {
            key: what
            for key in sorted(now.keys() | seen.keys())
            if (what := turn(seen.get(key), now.get(key), whole)) is not None
        }
        _remember(workspace, now, seen, turns)
        return _tell(workspace, moment, now, seen, turns)


def _seen(workspace: Workspace, kinds: tuple[Kind, ...]) -> Iterator[tuple[Key, Seen]]:
    for row in Watched.objects.filter(workspace=workspace, kind__in=kinds):
        subject = from_json(row.kind, row.fingerprint, row.state, row.data)
        yield (row.kind, row.fingerprint), Seen(subject, row.is_open)


def _remember(
    workspace: Workspace,
    now: Mapping[Key, Subject],
    seen: Mapping[Key, Seen],
    turns: Mapping[Key, Turn],
) -> None:
    """Keep what is there as it is now, and close what is resolved.

    What something stops now, but not everything was read, stays open; so does what is not seen.
    """
    rows = []
    for key, subject in now.items():
        before, turned = seen.get(key), turns.get(key)
        stays = before is not None and before.is_watched and turned is None
        if stays and not subject.is_open and subject.state != LoopVerdict.ACCEPTED:
            continue
        was_open = stays and before is not None and before.is_open
        is_open = was_open or (subject.is_open and turned is not Turn.RESOLVED)
        rows.append(_row(workspace, subject, is_open=is_open))
    for key in turns.keys() - now.keys():
        gone = replace(seen[key].subject, state=GONE)
        rows.append(_row(workspace, gone, is_open=False))
    Watched.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["workspace", "kind", "fingerprint"],
        update_fields=["state", "is_open", "data"],
    )


def _row(workspace: Workspace, subject: Subject, *, is_open: bool) -> Watched:
    return Watched(
        workspace=workspace,
        kind=subject.kind.value,
        fingerprint=subject.fingerprint,
        state=subject.state,
        is_open=is_open,
        data=as_json(subject),
    )


def _tell(
    workspace: Workspace,
    moment: int,
    now: Mapping[Key, Subject],
    seen: Mapping[Key, Seen],
    turns: Mapping[Key, Turn],
) -> list[Alert]:
    made = []
    for key, what in turns.items():
        before = seen.get(key)
        subject = now.get(key) or seen[key].subject
        alert, is_new = Alert.objects.get_or_create(
            workspace=workspace,
            kind=subject.kind.value,
            fingerprint=subject.fingerprint,
            turn=what.value,
            moment=moment,
            defaults={
                "state": subject.state if key in now else GONE,
                "before": before.subject.state if before else "",
                "title": subject.title,
                "detail": subject.detail,
            },
        )
        if is_new:
            made.append(alert)
    channels = list(Channel.objects.filter(workspace=workspace))
    Delivery.objects.bulk_create(
        Delivery(alert=alert, channel=channel, not_before=_first_time(channel))
        for alert in made
        for channel in channels
        if alert.kind != Kind.FINDING or channel.findings
    )
    return made


def _first_time(channel: Channel) -> datetime:
    """At once, or when the channel's next digest is due."""
    now = timezone.now()
    if not channel.every:
        return now
    span, epoch = timedelta(minutes=channel.every), datetime(1970, 1, 1, tzinfo=UTC)
    return now + span - (now - epoch) % span
