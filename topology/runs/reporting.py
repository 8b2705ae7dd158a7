"""The document that somebody asks for: of a workspace, an account, a loop, or between readings."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import Workspace
from topology import store
from topology.models import Analysis
from topology.reports import difference, masking, parts
from topology.reports.document import Document
from topology.reports.network import Network, of_graph

SALT = "topology.masking"
NOTHING = "Nothing has been read completely yet, so there is nothing to report."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to report. ``moment`` is the latest reading unless given; ``against`` an earlier one."""

    loop: str = ""
    account: str = ""
    moment: int | None = None
    against: int | None = None
    masks: bool = False


def reported(workspace: Workspace, wanted: Wanted) -> Document:
    """The document; raises ``parts.NotThereError`` for what the reading has not.

    Masks are the same for the same workspace, and for nobody who lacks the server's secret.
    """
    analysis = _analysis(workspace, wanted.moment)
    document = parts.of_workspace(analysis.report, workspace.slug, workspace.name)
    if wanted.against is not None:
        document = difference.between(_analysis(workspace, wanted.against).report, document)
    if wanted.account:
        document = parts.of_account(document, wanted.account)
    if wanted.loop:
        document = parts.of_loop(document, wanted.loop)
    if not wanted.masks:
        return document
    known = (each.arn for each in store.all_resources(workspace, analysis.moment))
    return masking.masked(document, _key(workspace), known)


def masked_alone(document: Document, known: Iterable[str] = ()) -> Document:
    """A document that no workspace keeps, masked; ``known`` are further names to look for.

    By the ``SECRET_KEY`` that was given, or else by a key of this call alone: none is left behind.
    """
    secret = settings.GIVEN_SECRET_KEY or secrets.token_urlsafe()
    key = salted_hmac(SALT, "", secret=secret, algorithm="sha256").digest()
    return masking.masked(document, key, known)


def wholly(workspace: Workspace, moment: int | None = None, *, masks: bool = False) -> Network:
    """Every stored resource and edge of a reading, with its loops marked, to be streamed."""
    analysis = _analysis(workspace, moment)
    moment, loops = analysis.moment, analysis.report["loops"]
    del analysis  # findings may be many, and a stream is to be held by nobody
    network = of_graph(
        lambda: store.all_resources(workspace, moment),
        lambda: store.all_edges(workspace, moment),
        {"loops": loops},
    )
    return masking.masked_network(network, _key(workspace)) if masks else network


def _key(workspace: Workspace) -> bytes:
    return salted_hmac(SALT, str(workspace.pk), algorithm="sha256").digest()


def _analysis(workspace: Workspace, moment: int | None) -> Analysis:
    if moment is None:
        found = store.latest_analysis(workspace)
    else:
        found = store.analysis_by(workspace, moment)
    if found is None or moment not in (None, found.moment):
        raise parts.NotThereError(NOTHING if moment is None else f"There is no reading {moment}.")
    return found
