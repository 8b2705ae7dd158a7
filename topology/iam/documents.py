"""Policy documents: JSON text or the parsed value, into statements with their Sid and number.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from topology.iam import wildcards

MAX_CHARACTERS = 1_000_000  # AWS's own largest policy (a queue's or a bucket's) is some 20 KB
ELEMENTS = frozenset(
    {
        *("Sid", "Effect", "Condition"),
        *("Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource"),
    }
)


class PolicyError(ValueError):
    """The document is not a policy; ``path`` says where (``Statement[2].Action``)."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path


class Effect(StrEnum):
    """What a statement does with the requests it is about."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, order=True, slots=True)
class Condition:
    """One operator on one key of the request, with the values it compares."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, order=True, slots=True)
class Statement:
    """One statement of a policy. ``not_...`` says that the list names what is *not* meant.

    ``principals`` are ARNs, account ids, service names or ``*``, and belong to the policies of
    resources. ``doubt`` says why the statement is only supposed: what it stands for is unread.
    """

    effect: Effect
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_actions: bool = False
    not_resources: bool = False
    conditions: tuple[Condition, ...] = ()
    principals: tuple[str, ...] = ()
    not_principals: bool = False
    policy: str = ""
    number: int = 1
    sid: str = ""
    doubt: str = ""

    @property
    def title(self) -> str:
        """How a sentence names it: ``policy *write-results*, statement 2``."""
        statement = f"statement {self.sid or self.number}"
        return f"policy *{self.policy}*, {statement}" if self.policy else statement

    def is_about(self, action: str) -> bool:
        """Whether the statement speaks of an action (``s3:PutObject``; case does not matter)."""
        return _names_action(self.actions, action) is not self.not_actions


def parse(document: object, policy: str = "") -> tuple[Statement, ...]:
    """The statements of a document (JSON text, or what it parses to), in order.

    ``policy`` is the name people know it by.

    Raises ``PolicyError`` for whatever AWS would not store: nothing of such a document is used.
    """
    body = _loaded(document) if isinstance(document, str) else document
    if not isinstance(body, dict):
        raise PolicyError("", f"a policy is a JSON object, not {_kind(body)}")
    if "Statement" not in body:
        raise PolicyError("", "the policy has no Statement")
    found = body["Statement"]
    if isinstance(found, dict):
        return (_statement(found, "Statement", policy, 1),)
    if not isinstance(found, list):
        raise PolicyError("Statement", f"an object or a list of objects, not {_kind(found)}")
    return tuple(
        _statement(each, f"Statement[{index}]", policy, index + 1)
        for index, each in enumerate(found)
    )


def supposed(doubt: str) -> Statement:
    """What stands for a policy that could not be read: it may allow everyone everything."""
    return Statement(Effect.ALLOW, ("*",), ("*",), principals=("*",), doubt=doubt)


def _loaded(text: str) -> Any:
    if len(text) > MAX_CHARACTERS:
        raise PolicyError("", f"longer than {MAX_CHARACTERS:,} characters")
    try:
        return json.loads(text, object_pairs_hook=_once)
    except RecursionError:
        raise PolicyError("", "nested too deeply") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise PolicyError("", f"not JSON: {error.msg} ({where})") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON keeps the last of two equal names; here that could hide a statement."""
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise PolicyError("", f"{double[:80]!r} is given twice in one object")
    return members


def _statement(found: object, path: str, policy: str, number: int) -> Statement:
    if not isinstance(found, dict):
        raise PolicyError(path, f"a statement is an object, not {_kind(found)}")
    if not ELEMENTS.issuperset(found):
        unknown = min(str(name) for name in found.keys() - ELEMENTS)
        raise PolicyError(path, f"{unknown[:80]!r} is no element of a statement")
    effect = found.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise PolicyError(f"{path}.Effect", 'Effect is "Allow" or "Deny"')
    sid = found.get("Sid", "")
    if not isinstance(sid, str):
        raise PolicyError(f"{path}.Sid", f"Sid is a text, not {_kind(sid)}")
    actions, not_actions = _either(found, "Action", "NotAction", path)
    resources, not_resources = _either(found, "Resource", "NotResource", path)
    principals, not_principals = _principals(found, path)
    return Statement(  # by position: an organisation has hundreds of thousands
        Effect.ALLOW if effect == "Allow" else Effect.DENY,
        actions,
        resources,
        not_actions,
        not_resources,
        _conditions(found["Condition"], f"{path}.Condition") if "Condition" in found else (),
        principals,
        not_principals,
        policy,
        number,
        sid,
    )


def _either(
    found: Mapping[str, Any], name: str, other: str, path: str
) -> tuple[tuple[str, ...], bool]:
    """``Action`` or ``NotAction``, exactly one of them, and whether it was the latter."""
    is_not = other in found
    if (name in found) is is_not:
        raise PolicyError(path, f"needs either {name} or {other}")
    given = other if is_not else name
    return _texts(found[given], path, given), is_not


def _texts(found: object, path: str, name: str) -> tuple[str, ...]:
    """A text or a list of at least one."""
    if isinstance(found, str):
        return (found,)
    if not isinstance(found, list) or not found:
        raise PolicyError(f"{path}.{name}", "a text or a list of texts")
    for text in found:
        if not isinstance(text, str):
            raise PolicyError(f"{path}.{name}", "a text or a list of texts")
    return tuple(found)


def _principals(found: Mapping[str, Any], path: str) -> tuple[tuple[str, ...], bool]:
    """``"*"`` or lists by type (AWS, Service, Federated, CanonicalUser), with the type dropped."""
    if "Principal" not in found and "NotPrincipal" not in found:
        return (), False  # as in all policies but those of resources
    given = [name for name in ("Principal", "NotPrincipal") if name in found]
    path = f"{path}.{given[0]}"
    value = found[given[0]]
    if len(given) == 2 or not (value == "*" or isinstance(value, dict)):
        raise PolicyError(path, 'either Principal or NotPrincipal: "*", or an object of lists')
    if value == "*":
        return ("*",), given[0] == "NotPrincipal"
    texts = [_texts(named, path, str(kind)) for kind, named in value.items()]
    return tuple(text for each in texts for text in each), given[0] == "NotPrincipal"


def _conditions(found: object, path: str) -> tuple[Condition, ...]:
    if not isinstance(found, dict):
        raise PolicyError(path, f"an object of operators, not {_kind(found)}")
    conditions = []
    for operator, keys in found.items():
        if not isinstance(keys, dict):
            raise PolicyError(f"{path}.{operator}", f"an object of keys, not {_kind(keys)}")
        for key, values in keys.items():
            compared = _scalars(values, f"{path}.{operator}.{key}")
            conditions.append(Condition(operator, key, compared))
    return tuple(conditions)


def _scalars(found: object, path: str) -> tuple[str, ...]:
    """The values of a condition; AWS takes booleans and numbers for their text."""
    values = found if isinstance(found, list) else [found]
    if not all(isinstance(value, str | bool | int | float) for value in values):
        raise PolicyError(path, "a text, number or boolean, or a list of them")
    return tuple(json.dumps(value) if isinstance(value, bool) else str(value) for value in values)


def _kind(value: object) -> str:
    return "null" if value is None else type(value).__name__


@lru_cache(maxsize=16384)
def _names_action(patterns: tuple[str, ...], action: str) -> bool:
    lowered = action.lower()
    return any(wildcards.matches(pattern.lower(), lowered) for pattern in patterns)
