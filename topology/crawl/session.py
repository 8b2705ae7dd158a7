"""Credentials and clients: boto3's usual chain, or a role with an external id on top of it.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
"""

from __future__ import annotations

import gc
import logging
import os
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import (
    BotoCoreError,
    NoCredentialsError,
    UnknownRegionError,
)
from botocore.httpsession import URLLib3Session
from botocore.session import Session as CoreSession
from botocore.utils import get_environ_proxies

from topology import arn as arns
from topology.catalog import sts
from topology.crawl.errors import FAILURES, CrawlError, NotOfferedError, explained
from topology.crawl.models import load_all, loader, register_handlers
from topology.crawl.pace import Bucket
from topology.crawl.wire import has_no_address, must_be_whole

HOME = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
CONNECTIONS = 32  # kept open per client; also the threads that ask services without a rate
CONNECT, READ = 5, 30  # seconds
ATTEMPTS = 6  # per request: enough to read on while three calls in ten are throttled


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach an account. Empty fields leave it to boto3's own configuration."""

    profile: str = ""
    role_arn: str = ""
    external_id: str = ""
    endpoint_url: str = ""


@dataclass(frozen=True, order=True, slots=True)
class Identity:
    """Who is reading, and so which account is read."""

    partition: str
    account: str
    arn: str


class Session:
    """One connection's credentials, and a client per service and region kept for reuse."""

    def __init__(self, connection: Connection) -> None:
        for name in ("boto3", "botocore", "urllib3"):
            logger = logging.getLogger(name)  # their debug logs print bodies and credentials
            logger.setLevel(max(logger.level, logging.INFO))
        self._connection = connection
        self._core = _core(connection)
        self.home = self._core.get_config_variable("region") or _home(connection)
        if connection.role_arn:
            role = _Role(connection, self.home)
            self._core.register_component("credential_provider", CredentialResolver([role]))
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = Lock()  # making clients is not thread-safe; using them is

    def client(self, service: str, region: str, turns: Bucket | None = None) -> Any:
        """The client of a service in a region; every request it sends takes its turn.

        A retry and a further page are requests too.
        """
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                client = self._core.create_client(
                    service,
                    region_name=region,
                    endpoint_url=self._connection.endpoint_url or None,
                    config=_config(self._connection),
                )
                client.meta.events.register("before-parse", must_be_whole)
                offered = partial(self._must_be_offered, service, region)
                client.meta.events.register_first("needs-retry", offered)
                if _own_endpoint(self._connection):
                    client.meta.events.register("before-sign", partial(_to_one_host, client))
                if turns is not None:
                    client.meta.events.register("before-send", turns.wait)
                self._clients[key] = client
            return self._clients[key]

    def get(self, url: str) -> Any:
        """The answer to a GET that nobody signs, its body unread; a redirect is an answer too.

        By way of the proxy and the certificates that botocore itself uses.
        """
        http = URLLib3Session(
            verify=self._core.get_config_variable("ca_bundle") or True,
            proxies=get_environ_proxies(url),
            timeout=(CONNECT, READ),
        )
        return http.send(AWSRequest("GET", url, stream_output=True).prepare())

    @property
    def has_own_endpoint(self) -> bool:
        """Whether the server was set up to ask something in AWS's place."""
        return _own_endpoint(self._connection)

    def lists(self, service: str, region: str) -> bool:
        """Whether botocore knows of a service in a Region, or of one that serves all of them."""
        try:
            partition = self._core.get_partition_for_region(region)
        except UnknownRegionError:
            return True  # and nobody can say that it is not
        known = self._core.get_available_regions(service, partition, allow_non_regional=True)
        return region in known or any("global" in name for name in known)

    def _must_be_offered(
        self, service: str, region: str, caught_exception: object, **_event: object
    ) -> None:
        """Handle botocore's ``needs-retry``; raise ``NotOfferedError`` where it is pointless.

        A service that a Region does not have has no address there. One that botocore lists has
        lost its address for another reason, which is a failure like any other.
        """
        if has_no_address(caught_exception) and not self.lists(service, region):
            raise NotOfferedError

    def known_regions(self, partition: str) -> list[str]:
        """The regions of a partition that this botocore knows, enabled or not."""
        return sorted(self._core.get_available_regions("ec2", partition))

    def paginator(self, service: str, operation: str) -> dict[str, Any] | None:
        """botocore's paging rules for an API operation, None where it has none."""
        rules = loader().load_service_model(service, "paginators-1")["pagination"]
        found: dict[str, Any] | None = rules.get(operation)
        return found


def opened(connection: Connection) -> Session:
    """A session; raise ``CrawlError`` where there is no such profile or the role is no ARN."""
    try:
        return Session(connection)
    except arns.ArnError as error:
        raise CrawlError("wrong-role", f"The role to assume is {error}.") from None
    except BotoCoreError as error:
        raise explained(error) from None


def identify(connection: Connection) -> Identity:
    """Ask AWS who these credentials are; raise ``CrawlError`` where it does not say."""
    session = opened(connection)
    try:
        client = session.client(sts.service.client, session.home)
        answer = getattr(client, sts.identity.operation)()
        arn = arns.parse(answer["Arn"])
        return Identity(arn.partition, answer["Account"], str(arn))
    except FAILURES as error:
        raise explained(error, connection.role_arn) from None


def must_be(connection: Connection, planned: Identity) -> None:
    """Raise ``CrawlError`` where the credentials are by now those of another account."""
    found = identify(connection).account
    if found != planned.account:
        raise CrawlError(
            "wrong-account",
            f"These credentials belong to account {found} by now, and {planned.account} is being "
            "read. Check the profile and what changes it.",
        )


class _Role(CredentialProvider):  # type: ignore[misc]
    """Credentials of an assumed role, renewed before they expire however long a crawl takes."""

    METHOD = "loopscope-assume-role"

    def __init__(self, connection: Connection, region: str) -> None:
        super().__init__()
        self._connection, self._region = connection, region

    def load(self) -> DeferredRefreshableCredentials:
        source = _core(self._connection)
        credentials = source.get_credentials()
        if credentials is None:
            raise NoCredentialsError
        extra = {"RoleSessionName": "loopscope"}
        if self._connection.external_id:
            extra["ExternalId"] = self._connection.external_id
        fetcher = AssumeRoleCredentialFetcher(
            partial(
                source.create_client,
                region_name=self._region,
                endpoint_url=self._connection.endpoint_url or None,
                config=_config(self._connection),
            ),
            credentials,
            self._connection.role_arn,
            extra_args=extra,
        )
        return DeferredRefreshableCredentials(fetcher.fetch_credentials, self.METHOD)


def _core(connection: Connection) -> CoreSession:
    """A session that knows how to ask what we ask, and no more (a client in 2 ms, not in 12)."""
    core = CoreSession(profile=connection.profile or None, include_builtin_handlers=False)
    core.register_component("data_loader", loader())
    register_handlers(core.get_component("event_emitter"))
    return core


def prepare() -> None:
    """In a process that crawls all day: load AWS's models once, and never look there for garbage.

    Each search through them took most of the time of making clients, and came so seldom that the
    clients of past crawls filled the memory.
    """
    load_all()
    gc.collect()
    gc.freeze()


def _config(connection: Connection) -> Config:
    return Config(
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        connect_timeout=CONNECT,
        read_timeout=READ,
        max_pool_connections=CONNECTIONS,
        user_agent_extra="loopscope",
        s3={"addressing_style": "path"} if _own_endpoint(connection) else None,
    )


def _own_endpoint(connection: Connection) -> bool:
    return bool(connection.endpoint_url or os.environ.get("AWS_ENDPOINT_URL"))


def _to_one_host(client: Any, request: Any, **_event: object) -> None:
    """Handle botocore's ``before-sign``: an emulator answers on one host name only.

    AWS puts a bucket or an account in front of it.
    """
    host = urlsplit(client.meta.endpoint_url).netloc
    request.url = urlsplit(request.url)._replace(netloc=host).geturl()


def _home(connection: Connection) -> str:
    partition = arns.parse(connection.role_arn).partition if connection.role_arn else "aws"
    if partition not in HOME:
        raise arns.ArnError(f"of a partition that is not known here: {connection.role_arn}")
    return HOME[partition]
