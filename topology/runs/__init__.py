"""Use cases as verbs."""

from topology.runs.accepting import accept, withdraw
from topology.runs.alerting import add_channel, deliver, try_channel
from topology.runs.analysing import analyse_here, analyse_latest
from topology.runs.assuming import assuming
from topology.runs.auditing import audit, judge
from topology.runs.badges import badge_at, make_badge, revoke_badge, token_of
from topology.runs.connecting import ask_for_test, disconnect, try_connection
from topology.runs.crawling import crawl_part, plan, publish_when_complete
from topology.runs.finding import findable
from topology.runs.hearing import listen, listen_everywhere, listen_in
from topology.runs.mapping import Wiring, drawn, mapped, state, wired
from topology.runs.reporting import Wanted, masked_alone, reported, wholly
from topology.runs.scheduling import prune, request, request_due, schedule, start_due
from topology.runs.sharing import opened, revoke_all, share, suspend
from topology.runs.supposing import Supposed, supposed
from topology.runs.trusting import trust_code

__all__ = [
    "Supposed",
    "Wanted",
    "Wiring",
    "accept",
    "add_channel",
    "analyse_here",
    "analyse_latest",
    "ask_for_test",
    "assuming",
    "audit",
    "badge_at",
    "crawl_part",
    "deliver",
    "disconnect",
    "drawn",
    "findable",
    "judge",
    "listen",
    "listen_everywhere",
    "listen_in",
    "make_badge",
    "mapped",
    "masked_alone",
    "opened",
    "plan",
    "prune",
    "publish_when_complete",
    "reported",
    "request",
    "request_due",
    "revoke_all",
    "revoke_badge",
    "schedule",
    "share",
    "start_due",
    "state",
    "supposed",
    "suspend",
    "token_of",
    "trust_code",
    "try_channel",
    "try_connection",
    "wholly",
    "wired",
    "withdraw",
]
