"""Organizations: the accounts, the units they are in, and the service control policies of each.

Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology import arn as arns
from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service
from topology.catalog.wiring import resource

ROOT, UNIT, ACCOUNT = "organizations.root", "organizations.ou", "organizations.account"
POLICY = "organizations.policy"
SERVICE_CONTROL = "SERVICE_CONTROL_POLICY"
NESTED = 5  # units below a root, at most: the page of AWS's quotas

# A member account may not ask, and most accounts are members: no gap, because these policies only
# ever take permissions away. What is not known of them leaves more writes, never fewer.
REFUSED = frozenset({"AWSOrganizationsNotInUseException", "AccessDeniedException"})

service = Service(
    client="organizations",
    title="AWS Organizations",
    rate=4.0,  # AWS throttles the lists of an organisation for everybody who asks together
    is_global=True,
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html",
    kinds=(
        Kind(ROOT, "root of an organisation", Part.OTHER),
        Kind(UNIT, "organisational unit", Part.OTHER),
        Kind(ACCOUNT, "account of an organisation", Part.OTHER),
        Kind(POLICY, "service control policy", Part.OTHER),
    ),
)


def _units_in(parents: Call) -> Call:
    return Call(
        "list_organizational_units_for_parent",
        items="OrganizationalUnits",
        for_each=parents,
        parameters={"ParentId": Of("Id")},
        absent=REFUSED,
        gone=frozenset({"ParentNotFoundException"}),
        names=itemgetter("Arn"),
    )


def _accounts_in(parents: Call) -> Call:
    return Call(
        "list_accounts_for_parent",
        items="Accounts",
        for_each=parents,
        parameters={"ParentId": Of("Id")},
        absent=REFUSED,
        gone=frozenset({"ParentNotFoundException"}),
        names=itemgetter("Arn"),
    )


def _attached_to(targets: Call) -> Call:
    return Call(
        "list_policies_for_target",
        for_each=targets,
        parameters={"TargetId": Of("Id"), "Filter": SERVICE_CONTROL},
        absent=REFUSED,
        gone=frozenset({"TargetNotFoundException"}),
        names=itemgetter("Arn"),
    )


roots = Call("list_roots", items="Roots", absent=REFUSED)
parents = [roots]
for _ in range(NESTED):
    parents.append(_units_in(parents[-1]))
accounts = [_accounts_in(each) for each in parents]
attachments = [_attached_to(each) for each in (*parents, *accounts)]
policies = Call(
    "list_policies", items="Policies", parameters={"Filter": SERVICE_CONTROL}, absent=REFUSED
)
description = Call(
    "describe_policy",
    for_each=policies,
    parameters={"PolicyId": Of("Id")},
    absent=REFUSED,
    gone=frozenset({"PolicyNotFoundException"}),
    names=itemgetter("Arn"),
)


def account(here: Here, item: Item, *above: Item) -> Iterator[Fact]:
    """An account, and what is above it from the root down: every level must allow a request.

    None of that binds the organisation's management account, whose id is in every ARN.
    """
    root = above[-1]
    types = {(each["Type"], each["Status"]) for each in root.get("PolicyTypes", ())}
    is_bound = item["Id"] != arns.parse(item["Arn"]).account
    is_bound &= (SERVICE_CONTROL, "ENABLED") in types
    levels = [each["Arn"] for each in (*reversed(above), item)]
    yield resource(here, item["Arn"], ACCOUNT, levels=levels if is_bound else [])


def attached(here: Here, page: Item, target: Item, *above: Item) -> Iterator[Fact]:
    """The policies of a root, a unit or an account; ``is_whole`` once the last page was read."""
    if "Policies" in page:
        known = {policy["Arn"]: policy["Name"] for policy in page["Policies"]}
        whole = {} if page.get("NextToken") else {"is_whole": True}
        kind = f"organizations.{arns.parse(target['Arn']).resource.partition('/')[0]}"
        yield resource(here, target["Arn"], kind, policies=known, **whole)


for call in accounts:
    service.reads(call)(account)
for call in attachments:
    service.reads(call)(attached)


@service.reads(description)
def policy(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """A service control policy as AWS stores it; None where only its name may be read."""
    yield resource(here, listed["Arn"], POLICY, document=item.get("Policy", {}).get("Content"))
