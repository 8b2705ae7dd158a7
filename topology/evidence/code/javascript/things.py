"""What the packages of the AWS SDK hold, as far as calls of AWS are concerned.

What is in no list here is ``refused``: whatever uses it may call anything.

Source: https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from topology.evidence.code.javascript import modules, names
from topology.evidence.code.javascript.modules import words

Kind = Literal["package", "command", "upload", "class", "client", "function", "refused", "quiet"]


@dataclass(frozen=True, slots=True)
class Thing:
    """Of the SDK: a ``package``; the class of a ``command`` or of an ``upload``; a ``class`` whose
    objects are ``client``s, of which every method is a call; a ``function``; what is ``refused``;
    or what is ``quiet`` and calls nothing, like a client that only sends commands: a command
    counts where it is built.

    ``of`` is the package, or the service as boto calls it; ``name`` an operation or a function.
    """

    kind: Kind
    of: str
    name: str = ""


QUIET = Thing("quiet", "")
IDEMPOTENCY = "@aws-lambda-powertools/idempotency"
# What Powertools writes by itself, for each call that it remembers.
REMEMBERED = ("PutItem", "UpdateItem", "DeleteItem")
PURE = re.compile(
    r"@aws-sdk/(?:util-|types|credential-provider|token-providers|region-config|rds-signer"
    r"|cloudfront-signer|xml-builder|lib-dynamodb|s3-request-presigner|s3-presigned-post"
    r"|dsql-signer|polly-request-presigner)|@smithy/(?:util-|types|property-provider"
    r"|shared-ini-file-loader|querystring-|url-parser|is-array-buffer)|@aws-crypto/"
)
HANDLERS = frozenset(("NodeHttpHandler", "NodeHttp2Handler"))
ERROR = re.compile(r"(?:Exception|Error|Fault|NotFound)$")
READING = re.compile(r"(?:paginate|waitUntil|waitFor)(?=[A-Z])")
# Of version 2: what calls nothing, and what sends requests that are put together by hand.
QUIET_V2 = words(
    """
    config Config Credentials Endpoint util AWSError Response VERSION Token
    """
)
REFUSED_V2 = words(
    """
    Service Request HttpRequest HttpResponse HttpClient NodeHttpClient XHRClient Signers
    EventListeners SequentialExecutor Protocol JSON XML Model apiLoader ParamValidator events
    EndpointCache MetadataService EventStream DiscoverEndpoint
    """
)


def package_of(specifier: str) -> Thing | None:
    """What an import of a module brings; None: it is not of the SDK."""
    if not modules.SDK.match(specifier):
        return None
    if specifier.startswith("aws-sdk/clients/"):
        service = specifier.rsplit("/", 1)[-1].removesuffix(".js")
        return _all_of_v2() if service == "all" else Thing("class", names.service_of(service))
    if specifier.startswith("aws-sdk/") and specifier not in ("aws-sdk/global", "aws-sdk/index"):
        return Thing("refused", specifier)
    if specifier.startswith("aws-sdk"):
        return _all_of_v2()
    return Thing("package", "/".join(specifier.split("/")[:2]))


def _all_of_v2() -> Thing:
    return Thing("package", "aws-sdk")


def member_of(thing: Thing, name: str) -> Thing:
    """What a package or a class holds under a name."""
    if name == "default":
        return thing
    if thing.kind == "package":
        return _of_v2(name) if thing.of == "aws-sdk" else _of_v3(thing.of, name)
    if thing.kind == "class":
        return _of_class(thing, name)
    return thing


def _of_v2(name: str) -> Thing:
    if name in QUIET_V2 or name.endswith(("Credentials", "CredentialProviderChain")):
        return QUIET
    if name in REFUSED_V2:
        return Thing("refused", "aws-sdk", name)
    return Thing("class", names.service_of(name))


def _of_class(thing: Thing, name: str) -> Thing:
    match thing.of, name:
        case "s3", "ManagedUpload":
            return Thing("upload", "s3")
        case "dynamodb", "DocumentClient" | "from":
            return thing
        case "dynamodb", "Converter":
            return QUIET
        case _, "Presigner" | "Signer":
            return Thing("refused", thing.of, name)
        case _, "name" | "length":
            return QUIET
    return Thing("refused", thing.of, name)  # its prototype, its services, its constructor


def _of_v3(package: str, name: str) -> Thing:
    service = names.service_of_package(package)
    if name.startswith(("$", "_")):
        return Thing("refused", package, name)
    if service:
        return _of_service(package, service, name)
    if package == "@aws-sdk/lib-storage" and name == "Upload":
        return Thing("upload", "s3")
    if package == "@aws-sdk/s3-presigned-post" and name == "createPresignedPost":
        return Thing("function", "s3", name)
    if package == "@smithy/node-http-handler" and name in HANDLERS:
        return Thing("function", package, name)
    is_pure = PURE.match(package) and not name.endswith("Presigner")
    return QUIET if is_pure else Thing("refused", package, name)


def _of_service(package: str, service: str, name: str) -> Thing:
    if name.endswith("Command"):
        return Thing("command", service, names.operation_of(name, service))
    if read := READING.match(name):
        operation = names.operation_of(name[read.end() :], service)
        is_wait = read.group() != "paginate"
        return QUIET if is_wait else Thing("command", service, operation)
    if is_aggregated(package, name):
        return Thing("class", service)
    return QUIET  # a client that sends, an enumeration, an error


def is_aggregated(package: str, name: str) -> bool:
    """Whether a class has every operation of its service as a method: ``S3`` of ``client-s3``."""
    if package == "@aws-sdk/lib-dynamodb":
        return name == "DynamoDBDocument"
    bare = package.removeprefix("@aws-sdk/client-").replace("-", "").lower()
    return name.lower() == bare
