"""Every rule beside its nearest twin that holds, and beside one that nobody could ask."""

from __future__ import annotations

import json
import random

import pytest

from tests.analysis.test_analyse import shuffled
from tests.audits.cases import TWINS, Case, Twins, alarm, gap, ledger, notified, queued
from tests.world import ACCOUNT, REGION
from topology import audits
from topology.analysis import analyse
from topology.audits import Asked, Known, Rule
from topology.graph import Meaning

RULES = {rule.name: rule for rule in audits.rules()}
BY_NAME = pytest.mark.parametrize(("name", "twins"), TWINS.items(), ids=list(TWINS))


def ask(rule: Rule, case: Case) -> Asked:
    return audits.asked(rule, case.known())


def test_every_rule_has_its_twins():
    assert RULES.keys() == TWINS.keys()


@BY_NAME
def test_it_finds_what_fails_and_says_why(name: str, twins: Twins):
    asked = ask(RULES[name], twins.failing())
    assert asked.findings, asked.unread
    found = asked.findings[0].found
    assert twins.says in found.because
    assert found.fix
    assert RULES[name].page.startswith("https://docs.aws.amazon.com/")


@BY_NAME
def test_it_says_nothing_of_what_holds(name: str, twins: Twins):
    asked = ask(RULES[name], twins.passing())
    assert (asked.findings, asked.unread) == ((), ())
    assert asked.subjects, "the twin has to be asked about"


@BY_NAME
def test_what_was_not_read_is_undecided_and_never_a_finding(name: str, twins: Twins):
    if twins.unread is None:
        assert name == "loop", "only what loops were found needs no reading of its own"
        return
    asked = ask(RULES[name], twins.unread())
    assert asked.findings == ()
    assert asked.undecided, "silence would be an all-clear"
    assert twins.reason in " ".join(reason for reason, _ in asked.unread)


def test_it_counts_what_it_could_not_ask_because_a_list_was_refused():
    case = queued()
    case.gaps = (gap("lambda.list_event_source_mappings"),)
    known = Known(analyse(case.world.graph()), ledger(), case.gaps)
    asked = audits.asked(RULES["no-ceiling"], known)
    assert ("`lambda.list_event_source_mappings` failed with AccessDenied", 1) in asked.unread


@BY_NAME
def test_a_finding_keeps_its_fingerprint_in_whatever_order_an_account_is_read(
    name: str, twins: Twins
):
    first = ask(RULES[name], twins.failing())
    again = twins.failing()
    known = Known(analyse(shuffled(again.world, random.Random(4))), ledger(), again.gaps)
    second = audits.asked(RULES[name], known)
    assert [each.fingerprint for each in first.findings] == [
        each.fingerprint for each in second.findings
    ]
    assert first.findings == second.findings


@BY_NAME
def test_what_a_finding_rests_on_is_json_and_lies_in_the_graph(name: str, twins: Twins):
    case = twins.failing()
    known = case.known()
    for finding in audits.asked(RULES[name], known).findings:
        json.dumps(dict(finding.found.facts))
        assert finding.found.subject in known.resources


def test_a_command_cannot_be_broken_out_of_by_a_name():
    case = queued({"uuid": "a; rm -rf ~", "batch_size": 10}, fifo=False)
    [finding] = ask(RULES["whole-batch-again"], case).findings
    assert "--uuid 'a; rm -rf ~' --function" in finding.found.command


def test_an_alarm_over_all_functions_watches_each_of_them():
    case = notified(kept=True)
    alarm(case.world, of_everyone={"AWS/Lambda Errors": True})
    assert ask(RULES["no-error-alarm"], case).findings == ()
    assert len(ask(RULES["no-throttle-alarm"], case).findings) == 1


def test_whether_an_alarm_over_a_query_watches_it_is_undecided():
    case = notified(kept=True)
    world = case.world
    anything = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:metric/any"
    world.edge(anything, alarm(world), Meaning.FORWARDS, "cw.metric")
    asked = ask(RULES["no-error-alarm"], case)
    assert (asked.findings, asked.unread) == ((), (("an alarm over a query may watch it", 1),))


def test_what_aws_could_not_tell_of_a_queue_is_not_judged_from_the_rest():
    case = queued(fifo=False, visibility_timeout=180)
    case.gaps = (gap("sqs.get_queue_attributes", case.world.resources[0].arn),)
    asked = ask(RULES["poison-message"], case)
    assert asked.findings == ()
    assert asked.unread == (("`sqs.get_queue_attributes` failed with AccessDenied", 1),)


def test_a_rule_that_breaks_decides_nothing():
    asked = audits.failed(RULES["loop"], KeyError("hops"))
    assert (asked.findings, asked.undecided) == ((), 1)


def test_every_call_a_rule_needs_is_one_that_is_made():
    made = {read.call for read in ledger()}
    assert {call for rule in RULES.values() for call in rule.needs} <= made
