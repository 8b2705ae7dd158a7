"""Packages of functions: downloaded one at a time, read apart, and gone before the next.

Nothing that fails here is a gap: code only says more of a write that its role allows anyway. A
function whose code was not read says why (``code_unread``).

Sources: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html,
https://docs.aws.amazon.com/lambda/latest/api/API_GetLayerVersionByArn.html
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from threading import Lock
from typing import IO, Any

from topology.catalog import awslambda, lambda_code
from topology.catalog.lambda_code import NEWEST
from topology.catalog.service import Call, Here, Item
from topology.crawl.ask import ask
from topology.crawl.download import DownloadError, downloaded
from topology.crawl.errors import code_of
from topology.crawl.session import Connection, Identity, opened
from topology.evidence.code.apart import UnreadError, read_apart
from topology.evidence.code.limits import LAYERS, ZIPPED
from topology.evidence.code.readers import Deployed, edition
from topology.graph import Resource, canonical_json

Facts = Mapping[str, Any]
Progress = Callable[[str, int, int], None]
BUDGET = 1800.0  # seconds for all functions of an account and Region
EACH = 120.0  # seconds for one download
NAME = awslambda.service.name_of(lambda_code.package)

_ONE = Lock()  # one function at a time in a process, whichever account it is of


@dataclass(frozen=True, slots=True)
class Wanted:
    """A function whose code is to be read, in the version that events come to.

    ``known`` are the facts of an earlier reading, taken over where nothing has changed since.
    """

    function: Resource
    version: str = NEWEST
    known: Facts | None = None


@dataclass(frozen=True, slots=True)
class Packages:
    """Attributes of functions by ARN, and how many packages were downloaded for them."""

    facts: Mapping[str, Facts]
    downloads: int = 0


def observe_code(
    connection: Connection,
    identity: Identity,
    region: str,
    wanted: Iterable[Wanted],
    progress: Progress | None = None,
) -> Packages:
    """Read the code of functions of one Region: ``code`` of each, or ``code_unread`` in words.

    ``code_versions`` are versions of the same configuration, by their package's hash. Never
    raises for what AWS answers or a package holds; ``progress`` is as for ``observe``. Raises
    ``CrawlError`` where the connection itself cannot be used.
    """
    here = [each for each in wanted if each.function.region == region]
    if not here:
        return Packages({})
    reading = _Reading(connection, identity, region)
    facts: dict[str, Facts] = {}
    for number, each in enumerate(here, start=1):
        facts[each.function.arn] = reading.of(each)
        if progress:
            progress(NAME, number, len(here))
    return Packages(dict(sorted(facts.items())), reading.downloads)


class _Reading:
    """The calls and downloads of one account and Region, within one budget."""

    def __init__(self, connection: Connection, identity: Identity, region: str) -> None:
        self.downloads = 0
        self._session = opened(connection)
        self._here = Here(identity.partition, identity.account, region)
        self._deadline = time.monotonic() + BUDGET

    def of(self, wanted: Wanted) -> Facts:
        """The facts of one function, or why there are none."""
        try:
            return self._of(wanted)
        except (UnreadError, DownloadError) as error:
            why = str(error)
        except OSError as error:
            why = f"there is no room for its package ({type(error).__name__})"
        except (LookupError, TypeError, ValueError) as error:
            why = f"what Lambda says of it could not be understood ({type(error).__name__})"
        return {"code_unread": why}

    def _of(self, wanted: Wanted) -> Facts:
        function = wanted.function
        if function.attributes.get("package") == "Image":
            raise UnreadError("it is a container image, and those are not read")
        versions = self._versions(function)
        read = versions.get(wanted.version)
        basis = self._basis(function, read) if read or wanted.version == NEWEST else ""
        if basis and wanted.known and wanted.known.get("basis") == basis:
            code = wanted.known
        else:
            with _ONE:
                code = self._read(function, wanted.version)
        alike = {
            version: item["CodeSha256"]
            for version, item in versions.items()
            if read is not None and lambda_code.alike(item, read)
        }
        return {"code": code} | ({"code_versions": alike} if alike else {})

    def _basis(self, function: Resource, read: Item | None) -> str:
        """What a reading of a version would rest on, by what was listed of it."""
        if read is None:
            return _basis(function.attributes, function.attributes.get("runtime") or "")
        return _basis(lambda_code.deployed(read), read.get("Runtime", ""))

    def _versions(self, function: Resource) -> Mapping[str, Item]:
        """Every version's configuration, of a function that has several; none where they fail."""
        if len(function.attributes.get("versions", ())) < 2:
            return {}
        with suppress(UnreadError):
            items = self._ask(awslambda.versions, {"FunctionName": function.name})
            return {item["Version"]: item for item in items}
        return {}

    def _read(self, function: Resource, version: str) -> Facts:
        """Fetch a version's package and its layers, and have them read."""
        asked = {"FunctionName": function.name}
        if version != NEWEST:
            asked["Qualifier"] = version
        [answer] = self._ask(lambda_code.package, asked)
        configuration, place = answer["Configuration"], answer.get("Code", {})
        if "ImageUri" in place or configuration.get("PackageType") == "Image":
            raise UnreadError("it is a container image, and those are not read")
        facts = lambda_code.deployed(configuration)
        runtime = configuration.get("Runtime", "")
        deployed = Deployed(runtime, facts.get("handler", ""), tuple(facts.get("steered_by", ())))
        with ExitStack() as files:
            sha256 = configuration["CodeSha256"]
            package = self._fetch(files, place.get("Location", ""), sha256)
            layers, unread = self._layers(files, facts.get("layers", ()))
            code = read_apart(package, layers, deployed, sha256, unread)
        basis = "" if unread else _basis(facts, runtime)
        return {**code, "basis": basis} | ({"version": version} if version != NEWEST else {})

    def _layers(
        self, files: ExitStack, wanted: Sequence[str]
    ) -> tuple[list[tuple[str, IO[bytes]]], list[str]]:
        """The files of layers by name, and a sentence for each that cannot be had."""
        found: list[tuple[str, IO[bytes]]] = []
        unread = []
        for number, arn in enumerate(wanted[:LAYERS], start=1):
            name = f"{number} of {len(wanted)}"  # a doubt is shown where names are masked
            try:
                [answer] = self._ask(lambda_code.layer, {"Arn": arn})
                content = answer["Content"]
                file = self._fetch(files, content.get("Location", ""), content["CodeSha256"])
                found.append((name, file))
            except (UnreadError, DownloadError) as error:
                unread.append(f"Layer {name} was not read: {error}.")
        return found, unread

    def _fetch(self, files: ExitStack, location: str, sha256: str) -> IO[bytes]:
        self.downloads += 1
        client = self._session.client("lambda", self._here.region)
        deadline = min(self._deadline, time.monotonic() + EACH)
        return files.enter_context(
            downloaded(
                self._session,
                client.meta.endpoint_url,
                location,
                sha256,
                limit=ZIPPED,
                deadline=deadline,
            )
        )

    def _ask(self, call: Call, parameters: Mapping[str, object]) -> Sequence[Item]:
        """The items of a call with these parameters; its own declaration has others."""
        if time.monotonic() > self._deadline:
            raise UnreadError("the time for reading code was over before it was its turn")
        asked = Call(call.operation, items=call.items, parameters=parameters)
        answer = ask(
            self._session,
            self._here.region,
            awslambda.service,
            asked,
            self._here,
            deadline=self._deadline,
        )
        if answer.error is not None:
            action = awslambda.service.action_of(call)
            raise UnreadError(f"{action} failed ({code_of(answer.error)})")
        return answer.items


def _basis(deployed: Facts, runtime: str) -> str:
    """What a reading rests on; where it is the same, the reading would be."""
    names = ("code_sha256", "handler", "layers", "steered_by")
    facts = [edition(), runtime, *(deployed.get(name) or [] for name in names)]
    return hashlib.sha256(canonical_json(facts).encode()).hexdigest()[:16]
