"""A crawl from request to publication: planned, read by regions, published when all are there.

The truth is in the database. A message to a worker only says where to look: it may come twice,
late, or never, and every minute what is due or orphaned is sent again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import structlog
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils import timezone

from accounts import row_security
from accounts.models import AwsAccount, Workspace
from topology import crawl, store
from topology.graph import GLOBAL
from topology.models import ATTEMPTS, Analysis, PartState, Run, RunPart, RunState
from topology.runs.following import followed
from topology.runs.identifying import RefusedError, connection, identified, must_be_ours_alone
from topology.runs.pulse import Pulse
from topology.runs.reading import with_code
from topology.runs.sending import send
from topology.runs.watching import watched
from topology.runs.wholes import SOON, whole_workspace

UNFINISHED = (PartState.WAITING, PartState.RUNNING)

Row = TypeVar("Row", bound=Model)

log = structlog.get_logger(__name__)


def plan(run: Run) -> None:
    """Find out whose credentials these are and which regions to read; send a part for each."""
    if not run.claim(RunState.REQUESTED, to=RunState.REQUESTED):
        return
    with _attempt(run):
        account, reached = run.aws_account, connection(run.aws_account)
        identity = identified(account)
        must_be_ours_alone(account)
        regions = run.regions or (GLOBAL, *crawl.regions(reached, identity, account.regions))
        planned = {region: crawl.planned(identity, region) for region in regions}
        for part in store.plan(run, planned):
            send("topology.crawl", part.pk)


def crawl_part(part: RunPart) -> None:
    """Read one region, and publish the run if that was the last."""
    if not part.claim(*UNFINISHED, to=PartState.RUNNING):
        return
    with _attempt(part) as pulse:
        account = part.run.aws_account
        identity = identified(account)
        observed = crawl.observe(connection(account), identity, part.region, pulse.note)
        store.stage(part, observed)
    publish_when_complete(part.run)


def publish_when_complete(run: Run) -> None:
    """Publish a run none of whose parts is unfinished; otherwise do nothing."""
    run.refresh_from_db()
    if run.parts.filter(state__in=UNFINISHED).exists():
        return
    with whole_workspace() as may:
        if not may:
            send("topology.publish", run.pk, after=SOON)
        elif run.claim(RunState.RUNNING, to=RunState.RUNNING):
            with _attempt(run) as pulse:
                _publish(run, pulse)


def _publish(run: Run, pulse: Pulse) -> None:
    parts = run.parts
    if not parts.filter(state=PartState.STAGED).exists():
        _fail(run, "; ".join(sorted(set(parts.values_list("reason", flat=True)))))
        return
    _follow(run, pulse)
    store.publish(run)
    send("topology.analyse", run.aws_account.workspace_id)


def _follow(run: Run, pulse: Pulse) -> None:
    """Look closer at what may lie on a loop, before anything is published."""
    account, observed = run.aws_account, store.staged(run)
    identity = crawl.Identity(account.partition, account.account_id, account.role_arn)
    others = store.others(run)
    closely = followed(
        connection(account),
        identity,
        observed,
        others,
        check=lambda: identified(account),
        progress=pulse.note,
    )
    known = closely.observed
    if "code" in account.evidence:
        identified(account)
        workspace = account.workspace
        known = with_code(
            connection(account),
            identity,
            known,
            others,
            recall=lambda arns: store.resources(workspace, workspace.moment, arns),
            progress=pulse.note,
        )
    if "runtime" in account.evidence:
        identified(account)
        known = watched(connection(account), identity, known, others, progress=pulse.note)
    for region, observation in known.items():
        store.amend(run, region, observation, closely.asked_about(region))


def send_unheld() -> None:
    """Send again what nobody holds; end what has had its attempts."""
    unheld = Run.unheld()
    runs = Run.objects.filter(unheld).select_related("aws_account")
    requested = runs.filter(state=RunState.REQUESTED, scheduled_for__lte=timezone.now())
    for run in _everywhere(requested):
        _send_or_end("topology.plan", run, run.aws_account)
    parts = RunPart.objects.filter(unheld, state__in=UNFINISHED, run__state=RunState.RUNNING)
    for part in _everywhere(parts.select_related("run__aws_account")):
        _send_or_end("topology.crawl", part, part.run.aws_account)
    unfinished = RunPart.objects.filter(run=OuterRef("pk"), state__in=UNFINISHED)
    for run in _everywhere(runs.filter(~Exists(unfinished), state=RunState.RUNNING)):
        _send_or_end("topology.publish", run, run.aws_account)
    analysed = Analysis.objects.filter(workspace=OuterRef("pk"), moment=OuterRef("moment"))
    for workspace in _everywhere(Workspace.objects.filter(~Exists(analysed), moment__gt=0)):
        send("topology.analyse", workspace.pk)


def _everywhere(rows: QuerySet[Row]) -> list[Row]:
    """The rows there are of all workspaces; who changes one names its own."""
    with row_security.across():
        return list(rows)


@contextmanager
def _attempt(work: Run | RunPart) -> Iterator[Pulse]:
    """Hold claimed work for a block; an error in it leaves the work to the next attempt."""
    pulse = Pulse(work)
    pulse.start()
    try:
        yield pulse
    except store.FencedOutError as error:
        log.warning("taken over", work=str(work), error=str(error))
    except (RefusedError, crawl.CrawlError) as error:
        _give_back_or_end(work, str(error), final=isinstance(error, RefusedError))
    except Exception as error:
        log.exception("an attempt failed", work=str(work), attempt=work.attempts)
        # Only the kind: the text of an error nobody expected may quote anything.
        _give_back_or_end(work, f"internal error {type(error).__name__} (see the worker's log)")
    finally:
        pulse.stop()


def _give_back_or_end(work: Run | RunPart, reason: str, *, final: bool = False) -> None:
    if final or work.attempts >= ATTEMPTS:
        _end(work, reason)
    else:
        work.give_back(reason)


def _send_or_end(task: str, work: Run | RunPart, account: AwsAccount) -> None:
    if work.attempts < ATTEMPTS:
        send(task, work.pk)
        return
    with row_security.within(account.workspace_id):
        _end(work, work.reason or f"the worker died {ATTEMPTS} times")


def _end(work: Run | RunPart, reason: str) -> None:
    """Give work up for good, unless somebody has taken it over or finished it meanwhile."""
    try:
        if isinstance(work, Run):
            _fail(work, reason)
        else:
            store.abandon(work, reason)
            publish_when_complete(work.run)
    except store.FencedOutError as error:
        log.warning("taken over", work=str(work), error=str(error))


def _fail(run: Run, reason: str) -> None:
    store.fail(run, reason)
    send("topology.analyse", run.aws_account.workspace_id)
