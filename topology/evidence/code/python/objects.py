"""What expressions may hold, as far as it matters for calls of AWS.

Texts and numbers are nothing here: an expression that holds none of these cannot lead to AWS.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TypeAlias

from topology.evidence.code.python.scopes import Scope


@dataclass(frozen=True, slots=True)
class Fn:
    """A function or lambda, by its scope; ``bound``: its first parameter is given already."""

    scope: Scope
    bound: bool = False


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A function that a class holds as a property, a class method or a static method."""

    how: str
    function: Fn


@dataclass(frozen=True, slots=True)
class Cls:
    """A class of the package."""

    scope: Scope


@dataclass(frozen=True, slots=True)
class Inst:
    """Any instance of a class of the package."""

    of: Cls


@dataclass(frozen=True, slots=True)
class Super:
    """What ``super()`` gives in a class."""

    of: Cls


@dataclass(frozen=True, slots=True)
class Mod:
    """A module of the package."""

    scope: Scope


@dataclass(frozen=True, slots=True)
class Box:
    """A list, dict, tuple or generator, by where it is made; what it holds is told by key."""

    site: ast.AST


@dataclass(frozen=True, slots=True)
class Outside:
    """Whatever a module outside of what is read makes, keeps and gives back: one for each.

    Of what keeps nothing between calls, one for each call.
    """

    of: object


@dataclass(frozen=True, slots=True)
class Named:
    """A module outside of what is read, or something in it: ``os.path.join``."""

    path: str


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function or class that Python knows without an import."""

    name: str


@dataclass(frozen=True, slots=True)
class Sdk:
    """A module, class or function of the SDK by its dotted name."""

    path: str


@dataclass(frozen=True, slots=True)
class Session:
    """A session of the SDK."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client, by the call that made it; None: of a service nobody knows."""

    site: ast.Call | None


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of boto3: ``kind`` is ``Bucket``, ``Table`` …, empty for the service itself."""

    kind: str
    site: ast.Call | None
    parent: Resource | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """Many resources of a kind."""

    kind: str
    parent: Resource | None


@dataclass(frozen=True, slots=True)
class Batch:
    """A table's batch writer."""

    table: Resource


@dataclass(frozen=True, slots=True)
class Meta:
    """``client.meta``, ``resource.meta``."""

    of: Client | Resource


@dataclass(frozen=True, slots=True)
class Maker:
    """A method of the SDK that gives more of it: ``session.client``, ``s3.Bucket``."""

    of: Session | Client | Resource | Collection
    name: str


@dataclass(frozen=True, slots=True)
class Event:
    """What the trigger brings, or a part of it."""


OfSdk: TypeAlias = Sdk | Session | Client | Resource | Collection | Batch | Meta | Maker
Value: TypeAlias = (
    Fn | Wrapped | Cls | Inst | Super | Mod | Box | Outside | Named | Builtin | Event | OfSdk
)
OF_SDK = (Sdk, Session, Client, Resource, Collection, Batch, Meta, Maker)
UNKNOWN = Outside("?")  # whatever is called that is not understood
