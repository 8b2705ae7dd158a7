"""Whether code that was read may lower what permissions allow: a workspace's own word."""

from __future__ import annotations

from accounts.models import Workspace
from topology import store
from topology.runs.sending import send


def trust_code(workspace: Workspace, *, trusts: bool) -> None:
    """Let code lower verdicts from now on, or not, and have the latest moment analysed anew."""
    if store.trust_code(workspace, trusts=trusts):
        send("topology.analyse", workspace.pk)
