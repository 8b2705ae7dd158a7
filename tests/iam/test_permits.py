"""Permissions, one row per verdict, and the laws every set of policies keeps."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topology.iam.documents import parse, supposed
from topology.iam.permits import (
    Owner,
    Principal,
    called,
    names,
    permitted,
    request,
    spoken_of,
)

HOME, ABROAD = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{HOME}:role/team/orders"
QUEUE = f"arn:aws:sqs:eu-west-1:{HOME}:invoices"
FAR = f"arn:aws:sqs:eu-west-1:{ABROAD}:invoices"
SEND = "sqs:SendMessage"


def allow(resource="*", action="sqs:*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(resource="*", action="sqs:*", **more):
    return {**allow(resource, action, **more), "Effect": "Deny"}


def when(operator, key, value):
    return {"Condition": {operator: {key: value}}}


def policy(*statements, name="own"):
    return parse({"Statement": list(statements)}, name)


def ask(identity, arn=QUEUE, boundary=None, theirs=None):
    """The verdict on sending to a queue: surely, perhaps, denied or no."""
    ceilings = () if boundary is None else (policy(*boundary, name="boundary"),)
    principal = Principal(ROLE, HOME, policy(*identity), ceilings)
    account = arn.split(":")[4]
    of_queue = theirs if theirs is None else policy(*theirs, name="of the queue")
    asked = request(principal, account, "eu-west-1")
    permission = permitted(principal, SEND, asked, Owner(account, of_queue))
    assert not (arn in permission.surely and arn not in permission.may)
    if arn in permission.surely:
        return "surely"
    if arn in permission.may:
        assert permission.doubts
        return "perhaps"
    return "denied" if arn in permission.granted else "no"


UNKNOWN = when("StringEquals", "aws:PrincipalTag/team", "x")


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        ([], "no"),
        ([allow()], "surely"),
        ([allow(QUEUE)], "surely"),
        ([allow("arn:aws:sqs:*:*:inv*")], "surely"),
        ([allow("arn:aws:sqs:*:*:inv?ices")], "surely"),
        ([allow("arn:aws:sqs:*:*:other")], "no"),
        ([allow(QUEUE.upper())], "no"),  # actions ignore case, resources do not
        ([allow(action="SQS:sendmessage")], "surely"),
        ([allow(action="sqs:ReceiveMessage")], "no"),
        ([allow(), deny()], "denied"),
        ([deny(), allow()], "denied"),
        ([allow(), deny("arn:aws:sqs:*:*:other")], "surely"),
        ([allow(), deny(action="sqs:Receive*")], "surely"),
        ([allow(), deny(action="*")], "denied"),
        # What is not named:
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "surely"),
        ([{"Effect": "Allow", "NotAction": "sqs:*", "Resource": "*"}], "no"),
        ([{"Effect": "Allow", "Action": "*", "NotResource": QUEUE}], "no"),
        ([{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::*"}], "surely"),
        ([allow(), {"Effect": "Deny", "Action": "*", "NotResource": QUEUE}], "surely"),
        ([allow(), {"Effect": "Deny", "Action": "*", "NotResource": "x"}], "denied"),
        ([allow(), {"Effect": "Deny", "NotAction": "sqs:*", "Resource": "*"}], "surely"),
        # Conditions:
        ([allow(**UNKNOWN)], "perhaps"),
        ([allow(**UNKNOWN), allow(QUEUE)], "surely"),
        ([allow(), deny(**UNKNOWN)], "perhaps"),
        ([allow(), deny("arn:aws:sqs:*:*:other", **UNKNOWN)], "surely"),
        ([allow(**when("StringEquals", "aws:RequestedRegion", "eu-west-1"))], "surely"),
        ([allow(**when("StringEquals", "aws:RequestedRegion", "us-east-1"))], "no"),
        ([allow(), deny(**when("StringNotEquals", "aws:RequestedRegion", "eu-west-1"))], "surely"),
        ([allow(), deny(**when("StringNotEquals", "aws:RequestedRegion", "us-east-1"))], "denied"),
        ([allow(**when("StringEquals", "aws:ResourceAccount", HOME))], "surely"),
        ([allow(**when("StringEquals", "aws:PrincipalAccount", ABROAD))], "no"),
        ([allow(**when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/team/*"))], "surely"),
        ([allow(), deny(**when("Bool", "aws:SecureTransport", "false"))], "surely"),
        ([allow(**when("ArnEquals", "aws:SourceArn", "arn:aws:s3:::x"))], "no"),
        ([allow(), deny(**when("BoolIfExists", "aws:MultiFactorAuthPresent", "false"))], "perhaps"),
        # Policy variables may stand for anything, wherever that does not hide a write:
        ([allow("arn:aws:sqs:*:*:${aws:PrincipalTag/queue}")], "perhaps"),
        ([allow(), deny("arn:aws:sqs:*:*:${aws:PrincipalTag/queue}")], "perhaps"),
        ([allow("arn:aws:sns:*:*:${aws:PrincipalTag/queue}")], "no"),
        ([{"Effect": "Allow", "Action": "*", "NotResource": "arn:${x}:sqs:*"}], "perhaps"),
    ],
)
def test_identity_policies(identity, expected):
    assert ask(identity) == expected


@pytest.mark.parametrize(
    ("identity", "boundary", "expected"),
    [
        ([allow()], [allow()], "surely"),
        ([allow()], [allow("arn:aws:s3:::*", "s3:*")], "no"),
        ([allow()], [], "no"),
        ([], [allow()], "no"),
        ([allow("arn:aws:sqs:*:*:inv*")], [allow("arn:aws:sqs:*:*:*ices")], "surely"),
        ([allow()], [allow(), deny(QUEUE)], "denied"),
        ([allow()], [allow(**UNKNOWN)], "perhaps"),
        ([allow()], [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "surely"),
    ],
)
def test_a_boundary_allows_nothing_and_limits_everything(identity, boundary, expected):
    assert ask(identity, boundary=boundary) == expected


def test_every_level_of_service_control_policies_must_allow():
    levels = (policy(allow("*", "*")), policy(allow("*", "s3:*"), allow("*", "sqs:Send*")))
    principal = Principal(ROLE, HOME, policy(allow("*", "*")), levels)
    asked = request(principal, HOME, "eu-west-1")
    assert QUEUE in permitted(principal, SEND, asked, Owner(HOME)).surely
    assert QUEUE not in permitted(principal, "sqs:DeleteMessage", asked, Owner(HOME)).may


EVERYONE = {"Principal": "*"}
ME = {"Principal": {"AWS": ROLE}}
MY_ACCOUNT = {"Principal": {"AWS": f"arn:aws:iam::{HOME}:root"}}
MY_SESSION = {"Principal": {"AWS": f"arn:aws:sts::{HOME}:assumed-role/orders/one"}}
SOMEBODY = {"Principal": {"AWS": f"arn:aws:iam::{HOME}:role/other"}}


@pytest.mark.parametrize(
    ("identity", "theirs", "at_home", "abroad"),
    [
        ([allow()], None, "surely", "perhaps"),  # not read
        ([], None, "no", "no"),
        ([allow()], [], "surely", "no"),
        ([], [allow(**ME)], "surely", "no"),
        ([allow()], [allow(**ME)], "surely", "surely"),
        ([], [allow(**EVERYONE)], "surely", "no"),
        ([allow()], [allow(**EVERYONE)], "surely", "surely"),
        ([], [allow(**MY_ACCOUNT)], "no", "no"),  # an account must pass it on itself
        ([allow()], [allow(**MY_ACCOUNT)], "surely", "surely"),
        ([allow()], [allow(Principal={"AWS": HOME})], "surely", "surely"),
        ([], [allow(**SOMEBODY)], "no", "no"),
        ([allow()], [allow(**SOMEBODY)], "surely", "no"),
        ([], [allow(**MY_SESSION)], "surely", "no"),
        ([], [allow(**EVERYONE, **UNKNOWN)], "perhaps", "no"),
        ([allow()], [allow(**ME), deny(**EVERYONE)], "denied", "denied"),
        ([allow()], [allow(**ME), deny(**MY_ACCOUNT)], "denied", "denied"),
        ([allow()], [allow(**ME), deny(**SOMEBODY)], "surely", "surely"),
        ([allow()], [allow(**ME), deny(**MY_SESSION)], "surely", "surely"),
        ([allow()], [allow(**ME), deny(NotPrincipal={"AWS": ROLE})], "surely", "surely"),
        ([allow()], [allow(**ME), deny(NotPrincipal=SOMEBODY["Principal"])], "denied", "denied"),
        ([deny()], [allow(**ME)], "denied", "no"),
        # As SNS makes it by itself, and as everyone copies it: only for calls of services.
        (
            [],
            [allow(**EVERYONE, **when("StringEquals", "AWS:SourceOwner", HOME))],
            "no",
            "no",
        ),
    ],
)
def test_either_policy_at_home_and_both_abroad(identity, theirs, at_home, abroad):
    assert ask(identity, QUEUE, theirs=theirs) == at_home
    assert ask(identity, FAR, theirs=theirs) == abroad


def test_an_unread_policy_may_allow_everything_and_says_why():
    principal = Principal(ROLE, HOME, (supposed("policy *x* was not read"),))
    permission = permitted(principal, SEND, request(principal, HOME), Owner(HOME))
    assert QUEUE in permission.may
    assert QUEUE not in permission.surely
    assert permission.doubts == ("policy *x* was not read",)


def test_it_names_the_statements_that_decide_and_no_others():
    statements = policy(allow("arn:aws:sns:*"), allow(), allow(action="sns:*"), deny(QUEUE))
    principal = Principal(ROLE, HOME, statements)
    permission = permitted(principal, SEND, request(principal, HOME), Owner(HOME))
    assert [each.number for each in permission.denies] == [4]
    assert [each.number for each in permission.allows] == [1, 2]


def test_the_answer_is_a_set_of_keys():
    objects = "arn:aws:s3:::uploads/"
    statements = policy(allow(f"{objects}out/*", "s3:Put*"), deny(f"{objects}*.tmp", "*"))
    principal = Principal(ROLE, HOME, statements)
    permission = permitted(principal, "s3:PutObject", request(principal, HOME), Owner(HOME))
    keys = permission.may.after(objects)
    assert "out/a.csv" in keys
    assert "out/a.tmp" not in keys
    assert "in/a.csv" not in keys


# Laws

PATTERNS = st.sampled_from(["*", QUEUE, "arn:aws:sqs:*:*:inv*", "arn:aws:sqs:*:*:*o*", FAR, "${x}"])
ACTIONS = st.sampled_from(["*", SEND, "sqs:*", "sqs:Receive*", "s3:*"])
CONDITIONS = st.sampled_from(
    [
        {},
        UNKNOWN,
        when("StringEquals", "aws:RequestedRegion", "us-east-1"),
        when("StringNotEquals", "aws:RequestedRegion", "us-east-1"),
    ]
)
RESOURCES = st.builds(
    lambda name, pattern: {name: pattern}, st.sampled_from(["Resource", "NotResource"]), PATTERNS
)
ALLOWS = st.builds(
    lambda action, resource, condition: {
        "Effect": "Allow",
        "Action": action,
        **resource,
        **condition,
    },
    ACTIONS,
    RESOURCES,
    CONDITIONS,
)
DENIES = ALLOWS.map(lambda statement: {**statement, "Effect": "Deny"})
POLICIES = st.lists(ALLOWS | DENIES, max_size=4)


def weighed(statements, boundary):
    principal = Principal(ROLE, HOME, policy(*statements), (policy(*boundary),))
    return permitted(principal, SEND, request(principal, HOME, "eu-west-1"), Owner(HOME))


@settings(deadline=None, max_examples=60)
@given(POLICIES, POLICIES, ALLOWS)
def test_another_allow_never_takes_a_write_away(statements, boundary, another):
    before = weighed(statements, boundary)
    after = weighed([*statements, another], boundary)
    assert before.may.is_subset(after.may)
    assert before.surely.is_subset(after.surely)


@settings(deadline=None, max_examples=60)
@given(POLICIES, POLICIES, DENIES)
def test_another_deny_never_adds_a_write(statements, boundary, another):
    before = weighed(statements, boundary)
    after = weighed([*statements, another], boundary)
    assert after.may.is_subset(before.may)
    assert after.surely.is_subset(before.surely)


@settings(deadline=None, max_examples=60)
@given(POLICIES, POLICIES)
def test_what_is_sure_may_be_and_what_may_be_was_granted(statements, boundary):
    permission = weighed(statements, boundary)
    assert permission.surely.is_subset(permission.may)
    assert permission.may.is_subset(permission.granted)
    if not permission.doubts:
        assert permission.may.is_subset(permission.surely)


@settings(deadline=None, max_examples=60)
@given(POLICIES, POLICIES)
def test_settling_a_doubt_either_way_stays_within_the_bounds(statements, boundary):
    """With the unknown tag set to a value, the answer lies between surely and may."""
    unsettled = weighed(statements, boundary)
    principal = Principal(ROLE, HOME, policy(*statements), (policy(*boundary),))
    for team in ("x", "y"):
        asked = {**request(principal, HOME, "eu-west-1"), "aws:principaltag/team": (team,)}
        settled = permitted(principal, SEND, asked, Owner(HOME))
        assert unsettled.surely.is_subset(settled.surely)
        assert settled.may.is_subset(unsettled.may)


def test_a_principal_keeps_its_denies_when_its_allows_are_changed():
    principal = Principal(ROLE, HOME, policy(allow(), deny(FAR)))
    assert principal.with_allows(()).identity == principal.identity[1:]


@pytest.mark.parametrize("element", ["Principal", "NotPrincipal"])
@pytest.mark.parametrize(
    ("whom", "is_found"),
    [
        (ROLE, True),
        ("*", True),
        (HOME, True),
        (f"arn:aws:iam::{HOME}:root", True),
        (f"arn:aws:sts::{HOME}:assumed-role/orders/4f2", True),
        (f"arn:aws:sts::{HOME}:assumed-role/other/4f2", False),
        (f"{ROLE}-other", False),
        (ABROAD, False),
        (f"arn:aws:iam::{ABROAD}:root", False),
        (":root", False),
    ],
)
def test_a_policy_that_names_a_principal_is_found_by_what_the_principal_is_called(
    element, whom, is_found
):
    (statement,) = policy(allow(**{element: {"AWS": whom}}))
    principal = Principal(ROLE, HOME, ())
    found = not set(spoken_of(statement)).isdisjoint(called(principal))
    assert found is (is_found or element == "NotPrincipal")
    assert found or not any(names(statement, principal, by_account=each) for each in (True, False))
