"""Who may invoke a function by its own policy: services, on behalf of resources it names.

A permission is no proof that somebody uses it. It is stated for resources of other accounts only,
whose configuration may not be read: in its own account the resource itself says what it invokes.

Source: https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from topology import arn as arns
from topology.catalog.service import Fact, Here, Unread
from topology.catalog.wiring import delivery, end
from topology.graph import Filter, Meaning, canonical_json
from topology.iam import documents
from topology.iam.documents import Effect, PolicyError, Statement

KIND = "lambda.resource_policy"
INVOKE = "lambda:InvokeFunction"
SOURCE, OWNER = "aws:sourcearn", "aws:sourceaccount"
COMPARED = ("arnlike", "arnequals", "stringlike", "stringequals", "stringequalsignorecase")
TOKEN = "lambda:eventsourcetoken"  # noqa: S105 - the condition key that holds one
# In what language the source would filter; what it asks for is not known. Others have no filter
# that an event could be compared with.
LANGUAGES = {
    "s3": "s3.notification",
    "sns": "sns.policy.attributes",
    "events": "eventbridge.pattern",
    "iot": "iot.sql",
}


def invokers(here: Here, function: str, document: str | None) -> Iterator[Fact]:
    """Edges from what other accounts may invoke a function with; a gap where none is named.

    ``function`` is the function or one of its aliases. ``evidence_only``: where the source is
    read after all, its own configuration says better what it invokes.
    """
    try:
        statements = documents.parse(document) if document else ()
    except PolicyError as error:
        reason = f"the policy cannot be read as a policy ({error})"
        yield Unread(function, "MalformedPolicyDocument", reason)
        return
    for statement in statements:
        if _lets_a_service_invoke(statement):
            yield from _sources(here, function, statement)


def without_tokens(document: str | None) -> str | None:
    """The policy without the tokens that Alexa's skills are told apart by."""
    if document is None or TOKEN not in document.lower():
        return document
    try:
        return canonical_json(_withheld(json.loads(document)))
    except (ValueError, RecursionError):
        return "{}"  # no policy either, so it still counts as one that cannot be read


def _sources(here: Here, function: str, statement: Statement) -> Iterator[Fact]:
    owners = frozenset(_values(statement, OWNER))
    sources = [_invoker(source) for source in _values(statement, SOURCE)]
    if not sources:
        yield from _unnamed(here, function, statement, owners)
    for source in sources:
        arn = arns.parse(source) if arns.is_arn(source) else None
        accounts = frozenset({arn.account}) if arn and arn.account.isdigit() else owners
        if accounts == {here.account}:
            continue
        if arn and not {"*", "?"} & set(source):
            _, alias = end(function)
            yield delivery(
                source,
                function,
                Meaning.TRIGGERS,
                KIND,
                label="/".join(filter(None, (alias, statement.sid))),
                filter=Filter(LANGUAGES.get(arn.service, KIND), ""),
                evidence_only=True,
            )
        else:
            yield from _unnamed(here, function, statement, accounts)


def _unnamed(
    here: Here, function: str, statement: Statement, accounts: frozenset[str]
) -> Iterator[Unread]:
    """A gap where another account is named, but none of its resources."""
    foreign = sorted(each for each in accounts if each.isdigit() and each != here.account)
    if foreign:
        reason = (
            f"{statement.title} of its policy lets {' and '.join(statement.principals)} invoke it "
            f"for account {' and '.join(foreign)}, and does not say for which resource"
        )
        yield Unread(function, "ForeignSourceUnnamed", reason)


def _lets_a_service_invoke(statement: Statement) -> bool:
    named = statement.not_principals or any(
        each == "*" or ("." in each and ":" not in each) for each in statement.principals
    )
    return statement.effect is Effect.ALLOW and named and statement.is_about(INVOKE)


def _values(statement: Statement, key: str) -> tuple[str, ...]:
    """What a condition key has to be, by any operator that compares texts."""
    return tuple(
        value
        for condition in statement.conditions
        if condition.key.lower() == key and _operator(condition.operator) in COMPARED
        for value in condition.values
    )


def _operator(name: str) -> str:
    return name.rpartition(":")[2].lower().removesuffix("ifexists")


def _invoker(source: str) -> str:
    """The resource itself: of an API without its stage, method and path."""
    if arns.is_arn(source) and arns.parse(source).service == "execute-api":
        return source.partition("/")[0]
    return end(source)[0]


def _withheld(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _withheld(inner, name) for name, inner in value.items()}
    if key.lower() == TOKEN:
        return "withheld"
    return [_withheld(inner) for inner in value] if isinstance(value, list) else value
