"""Everything on one machine: web server here, Celery worker and beat as children, one crawl."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Event, Thread
from typing import Any, NoReturn

import waitress
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts import row_security
from accounts.models import AwsAccount, Membership, Role, User, Workspace
from accounts.sign_in import ticket
from topology import crawl, runs, store
from topology.graph import GLOBAL
from topology.management.children import Children
from topology.models import Analysis, PartState, Run, RunPart, RunState

LOCAL = "local"  # the workspace and the person of a stand-alone installation
GLANCE = 0.3  # seconds between two looks at a run
PATIENCE = timedelta(seconds=5)  # between two lines about one region
VISITORS = 500  # open connections; a browser keeps several, and those beyond wait for one to end
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 (only to name an address)

WORKER = (
    "worker",
    "--concurrency=8",  # threads: one process stays within the memory of a laptop
    "--without-gossip",
    "--without-mingle",
    "--without-heartbeat",
)

Say = Callable[[str], None]


def serve(
    reached: crawl.Connection,
    regions: Sequence[str],
    evidence: Sequence[str] = (),
    *,
    host: str,
    port: int,
    say: Say,
) -> None:
    """Migrate, connect the account, crawl it, and serve until Ctrl-C or SIGTERM.

    Children inherit ``os.environ`` as it is now (set ``AWS_ENDPOINT_URL`` before, not after).
    ``say`` gets a line at a time: progress by region, the loops found, the address to open. When
    this returns or raises, no child is left. Raises ``CommandError``, before anything is started,
    for a port that cannot be had and for an account that cannot be reached.
    """
    # A shell that starts us in the background has us ignore SIGINT; we promise to end at it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    server = _bind(host, port)
    try:
        call_command("migrate", verbosity=0, interactive=False)
        account = _connect(reached, regions, evidence)
        stopped = Event()
        with Children(settings.BASE_DIR) as children:
            children.start(*WORKER)
            children.start("beat")
            with row_security.within(account.workspace_id):
                run = runs.request(account)
            address = f"http://{EVERYWHERE.get(host, host)}:{server.effective_port}"
            teller = Thread(target=_tell, args=(run, address, say, stopped))
            teller.start()
            try:
                server.run()  # returns at Ctrl-C
            finally:
                stopped.set()
                teller.join()
    finally:
        server.close()


def local_person() -> User:
    """The one person of a stand-alone installation, administrator of its one workspace."""
    workspace = _local_workspace()
    user, created = User.objects.get_or_create(username=LOCAL)
    if created:
        user.set_unusable_password()
        user.save()
    with row_security.within(workspace):
        Membership.objects.get_or_create(
            user=user, workspace=workspace, defaults={"role": Role.ADMIN}
        )
    return user


def link(user: User, address: str) -> str:
    """A link under ``address`` that signs the person in, once."""
    return address + reverse("sign-in-once", args=ticket(user))


def _local_workspace() -> Workspace:
    with row_security.across():
        return Workspace.objects.get_or_create(slug=LOCAL, defaults={"name": "This machine"})[0]


def _interrupt(*_: Any) -> NoReturn:
    raise KeyboardInterrupt


def _bind(host: str, port: int) -> Any:
    store.keep_reports()
    try:
        return waitress.create_server(
            WSGIHandler(), host=host, port=port, connection_limit=VISITORS
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(
            f"Port {port} of {host} cannot be used ({reason}). Stop what uses it, or choose "
            "another."
        ) from error


def _connect(
    reached: crawl.Connection, regions: Sequence[str], evidence: Sequence[str]
) -> AwsAccount:
    try:
        identity = crawl.identify(reached)
        crawl.regions(reached, identity, regions)
    except crawl.CrawlError as error:
        raise CommandError(str(error)) from error
    local_person()
    workspace = _local_workspace()
    with row_security.within(workspace):
        account, _ = AwsAccount.objects.update_or_create(
            workspace=workspace,
            account_id=identity.account,
            defaults={
                "partition": identity.partition,
                "profile": reached.profile,
                "role_arn": reached.role_arn,
                "external_id": reached.external_id,
                "regions": list(regions),
                "evidence": list(evidence),
                "disconnected": None,
            },
        )
    return account


def _tell(run: Run, address: str, say: Say, stopped: Event) -> None:
    """Say how the run goes until its analysis is there, then where to look."""
    try:
        with row_security.within(run.aws_account.workspace_id):
            _tell_of(run, address, say, stopped)
    finally:
        connection.close()


def _tell_of(run: Run, address: str, say: Say, stopped: Event) -> None:
    say(f"Reading account {run.aws_account.account_id}. Ctrl-C stops.")
    told: dict[str, tuple[RunPart, Any]] = {}
    while not stopped.wait(GLANCE):
        _tell_parts(run, told, say)
        run.refresh_from_db()
        if run.moment and (analysis := _analysis_of(run)):
            _tell_result(run, analysis, say)
            say(f"Open {link(local_person(), address)} (works once, for an hour)")
            return


def _analysis_of(run: Run) -> Analysis | None:
    saved = Analysis.objects.filter(workspace=run.aws_account.workspace, moment__gte=run.moment)
    return saved.order_by("moment").first()


def _tell_parts(run: Run, told: dict[str, tuple[RunPart, Any]], say: Say) -> None:
    now = timezone.now()
    for part in run.parts.order_by("region"):
        last, when = told.get(part.region, (None, None))
        if part.state in (PartState.STAGED, PartState.FAILED):
            due = last is None or last.state != part.state
        else:
            due = part.calls_done > 0 and (when is None or now - when > PATIENCE)
        if due:
            told[part.region] = (part, now)
            name = "global (IAM)" if part.region == GLOBAL else part.region
            done = f"{part.calls_done} of {part.calls_planned} calls"
            say(f"  {name:<16} {done} {part.reason}".rstrip())


def _tell_result(run: Run, analysis: Analysis, say: Say) -> None:
    if run.state == RunState.FAILED:
        say(f"The crawl failed: {run.reason}")
    scope = analysis.report["scope"]
    say(f"{scope['verdict'].replace('-', ' ').upper()} ({len(scope['gaps'])} gaps)")
    for loop in analysis.report["loops"]:
        say(f"  {loop['verdict']:<12} {loop['title']}")
