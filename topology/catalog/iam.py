"""IAM: roles, the policies that say what they may do, and the instance profiles that hold them.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.catalog.service import Call, Fact, Here, Item, Kind, Part, Service, Unread
from topology.catalog.wiring import resource

ROLE = "iam.role"
POLICY = "iam.policy"
PROFILE = "iam.instanceprofile"

service = Service(
    client="iam",
    title="AWS IAM",
    is_global=True,
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies.html",
    kinds=(
        Kind(ROLE, "IAM role", Part.OTHER),
        Kind(POLICY, "IAM policy", Part.OTHER),
        Kind(PROFILE, "instance profile", Part.OTHER),
    ),
)

details = Call(
    "get_account_authorization_details",
    parameters={"Filter": ["Role", "LocalManagedPolicy", "AWSManagedPolicy"]},
)


@service.reads(details)
def roles(here: Here, page: Item) -> Iterator[Fact]:
    """The roles of one page, with their own policies and the names of the shared ones."""
    for role in page["RoleDetailList"]:
        policies = []
        for inline in role.get("RolePolicyList", ()):
            name = inline["PolicyName"]
            document = _document(inline["PolicyDocument"])
            policies.append({"name": name, "document": document})
            if document is None:
                yield _malformed(role["Arn"], f"the inline policy {name}")
        yield resource(
            here,
            role["Arn"],
            ROLE,
            policies=sorted(policies, key=lambda policy: str(policy["name"])),
            attached=sorted(
                attached["PolicyArn"] for attached in role.get("AttachedManagedPolicies", ())
            ),
            boundary=role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        )


@service.reads(details)
def profiles(here: Here, page: Item) -> Iterator[Fact]:
    """The instance profiles of one page's roles; a profile holds one role at most."""
    for role in page["RoleDetailList"]:
        for profile in role.get("InstanceProfileList", ()):
            yield resource(here, profile["Arn"], PROFILE, role=role["Arn"])


@service.reads(details)
def policies(here: Here, page: Item) -> Iterator[Fact]:
    """The managed policies of one page that something uses, in their default version."""
    for policy in page["Policies"]:
        if policy["AttachmentCount"] == 0 and not policy.get("PermissionsBoundaryUsageCount"):
            continue
        default = next(v for v in policy["PolicyVersionList"] if v["IsDefaultVersion"])
        document = _document(default["Document"])
        yield resource(here, policy["Arn"], POLICY, document=document)
        if document is None:
            yield _malformed(policy["Arn"], "the policy")


def _document(document: object) -> dict[str, object] | None:
    """botocore decodes a policy document, and hands over the text of one that is not JSON."""
    return document if isinstance(document, dict) else None


def _malformed(arn: str, which: str) -> Unread:
    return Unread(arn, "MalformedPolicyDocument", f"{which} of {arn} is not a JSON object")
