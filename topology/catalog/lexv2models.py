"""Lex: the aliases of bots, and the functions that hear every turn of a conversation.

Source: https://docs.aws.amazon.com/lexv2/latest/dg/lambda.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service, Write
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

ALIAS = "lex.botalias"
GONE = frozenset({"ResourceNotFoundException"})

service = Service(
    client="lexv2-models",
    title="Amazon Lex",
    iam_prefix="lex",
    source="https://docs.aws.amazon.com/lexv2/latest/dg/lambda.html",
    kinds=(Kind(ALIAS, "alias of a Lex bot", Part.CHANNEL),),
    writes=(
        Write(
            "talk",
            ALIAS,
            (
                "lex:PutSession",
                "lex:RecognizeText",
                "lex:RecognizeUtterance",
                "lex:StartConversation",
            ),
        ),
    ),
    edges=("lex.hook",),
)

bots = Call("list_bots", items="botSummaries", token=("nextToken", "nextToken"))
aliases = Call(
    "list_bot_aliases",
    items="botAliasSummaries",
    for_each=bots,
    parameters={"botId": Of("botId")},
    token=("nextToken", "nextToken"),
    gone=GONE,
    names=lambda bot: str(bot["botId"]),
)
description = Call(
    "describe_bot_alias",
    for_each=aliases,
    parameters={"botId": Of("botId", above=1), "botAliasId": Of("botAliasId")},
    gone=GONE,
    names=lambda alias: str(alias["botAliasId"]),
)


@service.reads(description)
def hooks(here: Here, item: Item, alias: Item, bot: Item) -> Iterator[Fact]:
    """An alias, and its function for every language."""
    name = f"bot-alias/{bot['botId']}/{alias['botAliasId']}"
    arn = f"arn:{here.partition}:lex:{here.region}:{here.account}:{name}"
    yield resource(here, arn, ALIAS)
    for locale, settings in item.get("botAliasLocaleSettings", {}).items():
        hook = settings.get("codeHookSpecification", {}).get("lambdaCodeHook", {})
        if hook:
            yield delivery(
                arn,
                hook["lambdaARN"],
                Meaning.TRIGGERS,
                "lex.hook",
                label=locale,
                dormant="" if settings["enabled"] else "the alias does not speak this language",
            )
