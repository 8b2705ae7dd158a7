"""Cognito: user pools, and the functions that their triggers invoke.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service, Write
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

POOL = "cognito-idp.userpool"
NOT_A_TRIGGER = "KMSKeyID"  # the key that encrypts what custom senders get

service = Service(
    client="cognito-idp",
    title="Amazon Cognito",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html",
    kinds=(Kind(POOL, "user pool", Part.CHANNEL),),
    writes=(
        Write(
            "sign in",
            POOL,
            (
                "cognito-idp:AdminConfirmSignUp",
                "cognito-idp:AdminCreateUser",
                "cognito-idp:AdminInitiateAuth",
                "cognito-idp:AdminResetUserPassword",
                "cognito-idp:AdminRespondToAuthChallenge",
                "cognito-idp:AdminUpdateUserAttributes",
                "cognito-idp:ConfirmSignUp",
                "cognito-idp:ForgotPassword",
                "cognito-idp:InitiateAuth",
                "cognito-idp:ResendConfirmationCode",
                "cognito-idp:SignUp",
                "cognito-idp:StartUserImportJob",
            ),
        ),
    ),
    edges=("cognito.trigger",),
    busy=("InitiateAuth", "RespondToAuthChallenge", "SignUp", "AdminInitiateAuth"),
)

pools = Call("list_user_pools", items="UserPools", parameters={"MaxResults": 60})
description = Call(
    "describe_user_pool",
    for_each=pools,
    parameters={"UserPoolId": Of("Id")},
    gone=frozenset({"ResourceNotFoundException"}),
    names=lambda pool: str(pool["Id"]),
)


@service.reads(pools)
def pool(here: Here, item: Item) -> Iterator[Fact]:
    """A user pool of the region being read."""
    yield resource(here, _arn(here, item), POOL)


@service.reads(description)
def triggers(here: Here, item: Item, pool: Item) -> Iterator[Fact]:
    """One edge per trigger; the newer ones name their function in a configuration of their own."""
    for name, value in item["UserPool"].get("LambdaConfig", {}).items():
        function = value if isinstance(value, str) else value.get("LambdaArn")
        if function and name != NOT_A_TRIGGER:
            label = name.removesuffix("Config")
            yield delivery(
                _arn(here, pool), function, Meaning.TRIGGERS, "cognito.trigger", label=label
            )


def _arn(here: Here, pool: Item) -> str:
    return f"arn:{here.partition}:cognito-idp:{here.region}:{here.account}:userpool/{pool['Id']}"
