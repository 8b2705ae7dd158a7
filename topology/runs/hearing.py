"""Listening: what a queue tells of an account's changes is noted, and only then taken out of it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import structlog
from django.db.models import F
from django.utils import timezone

from accounts import row_security
from accounts.models import AwsAccount
from topology import crawl
from topology.catalog.changes import NotOursError, place_of
from topology.models import Ear
from topology.runs.identifying import RefusedError, connection, identified
from topology.runs.rereading import read_touched, touch
from topology.runs.sending import send

AT_ONCE = 17  # Regions asked together, most of the time waiting

log = structlog.get_logger(__name__)


def listen_in(account: AwsAccount, regions: Sequence[str]) -> None:
    """Listen in these Regions from now on, and in no others."""
    mine = Ear.objects.filter(aws_account=account)
    mine.exclude(region__in=regions).delete()
    rows = [Ear(aws_account=account, region=region) for region in sorted(set(regions))]
    Ear.objects.bulk_create(rows, ignore_conflicts=True)
    send("topology.listen", account.pk)


def listen_everywhere() -> None:
    """Have every account that is listened to asked, and read what was touched. By beat."""
    with row_security.across():
        heard = AwsAccount.objects.filter(ears__isnull=False, disconnected=None, paused=False)
        accounts = list(heard.distinct().values_list("pk", flat=True))
    for key in accounts:
        send("topology.listen", key)
    read_touched()


def listen(account: AwsAccount) -> None:
    """Take up what the account's queues tell. Never raises for what AWS says: the page tells it."""
    ears = list(Ear.objects.filter(aws_account=account).order_by("region"))
    if not ears:
        return
    try:
        own = identified(account).account
    except (RefusedError, crawl.CrawlError) as error:
        Ear.objects.filter(aws_account=account).update(failed=str(error))
        return
    reached = connection(account)
    with ThreadPoolExecutor(min(AT_ONCE, len(ears))) as pool:
        queues = pool.map(lambda ear: _Heard.in_(reached, own, ear.region), ears)
        for ear, heard in zip(ears, queues, strict=True):
            touch(account, heard.places)
            heard.take_out()
            Ear.objects.filter(pk=ear.pk).update(
                failed=heard.failed,
                changes=F("changes") + heard.changes,
                strange=F("strange") + heard.strange,
                **({} if heard.failed else {"heard": timezone.now()}),
            )


@dataclass
class _Heard:
    """What one queue told: where something was changed, and which messages are understood."""

    places: set[str] = field(default_factory=set)
    changes: int = 0
    strange: int = 0
    failed: str = ""
    _queue: crawl.ChangeQueue | None = None
    _done: list[crawl.Message] = field(default_factory=list)

    @classmethod
    def in_(cls, reached: crawl.Connection, account: str, region: str) -> _Heard:
        heard = cls()
        try:
            heard._queue = crawl.ChangeQueue(reached, region)
            for messages in heard._queue.messages():
                for message in messages:
                    heard._understand(message, account)
        except crawl.CrawlError as error:
            heard.failed = str(error)
        return heard

    def _understand(self, message: crawl.Message, account: str) -> None:
        """A message that is not ours is left: it comes back, and the queue puts it aside."""
        try:
            place = place_of(message.body, account)
        except NotOursError as error:
            self.strange += 1
            log.warning("a message on the queue of changes is not ours", reason=str(error))
            return
        if place:
            self.places.add(place)
            self.changes += 1
        self._done.append(message)

    def take_out(self) -> None:
        """What has been noted need not come again."""
        for message in self._done:
            if self._queue:
                self._queue.take_out(message)
