"""The queue of a Region on which an account's changes arrive.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from topology.catalog.changes import QUEUE
from topology.crawl.errors import FAILURES, CrawlError, code_of, explained, reason_of
from topology.crawl.session import Connection, opened

AT_ONCE, BATCHES = 10, 50  # messages of one answer, the most SQS gives; answers of one listening
PATIENCE = 1  # seconds that an answer waits for a message: any wait asks all of SQS's servers


@dataclass(frozen=True, slots=True)
class Message:
    """What lay in the queue, and the handle by which it is taken out."""

    body: str
    handle: str


class ChangeQueue:
    """One Region's queue. What is not taken out comes back, and goes aside in the end."""

    def __init__(self, connection: Connection, region: str) -> None:
        """Raises ``CrawlError`` where it cannot be had."""
        self._role = connection.role_arn
        try:
            self._client: Any = opened(connection).client("sqs", region)
            self._url = self._client.get_queue_url(QueueName=QUEUE)["QueueUrl"]
        except FAILURES as error:
            raise self._failed(error) from None

    def messages(self) -> Iterator[list[Message]]:
        """What waits, as it comes, until nothing does; raises ``CrawlError``."""
        for _ in range(BATCHES):
            try:
                answer = self._client.receive_message(
                    QueueUrl=self._url, MaxNumberOfMessages=AT_ONCE, WaitTimeSeconds=PATIENCE
                )
            except FAILURES as error:
                raise self._failed(error) from None
            if not (found := answer.get("Messages")):
                return
            yield [Message(each["Body"], each["ReceiptHandle"]) for each in found]

    def take_out(self, message: Message) -> None:
        """It has been noted; where that fails it comes again, which is harmless."""
        with suppress(*FAILURES):
            self._client.delete_message(QueueUrl=self._url, ReceiptHandle=message.handle)

    def _failed(self, error: Exception) -> CrawlError:
        known = explained(error, self._role)
        if known.code != "refused":
            return known
        return CrawlError(
            "refused",
            f"The queue {QUEUE} cannot be read: {reason_of(error)} ({code_of(error)}). Deploy the "
            "template for changes in this Region, with the role by which the account is read.",
        )
