"""CodeCommit: repositories, their triggers, and pushes and merges on the default bus.

Source: https://docs.aws.amazon.com/codecommit/latest/userguide/how-to-notify.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology import arn as arns
from topology.catalog import named
from topology.catalog.service import (
    Call,
    Emission,
    Fact,
    Here,
    Item,
    Kind,
    Of,
    Part,
    Service,
    Write,
)
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

SOURCE = "aws.codecommit"
REPOSITORY = "codecommit.repository"
GONE = frozenset({"RepositoryDoesNotExistException"})
PUSHES = (
    "codecommit:GitPush",
    "codecommit:PutFile",
    "codecommit:DeleteFile",
    "codecommit:CreateCommit",
    "codecommit:CreateBranch",
    "codecommit:DeleteBranch",
    "codecommit:MergeBranchesByFastForward",
    "codecommit:MergeBranchesBySquash",
    "codecommit:MergeBranchesByThreeWay",
)
COMMENTS = (
    "codecommit:PostCommentForComparedCommit",
    "codecommit:PostCommentForPullRequest",
    "codecommit:PostCommentReply",
)
REQUESTS = (
    "codecommit:CreatePullRequest",
    "codecommit:UpdatePullRequestStatus",
    "codecommit:UpdatePullRequestTitle",
    "codecommit:UpdatePullRequestDescription",
)
MERGES = (
    "codecommit:MergePullRequestByFastForward",
    "codecommit:MergePullRequestBySquash",
    "codecommit:MergePullRequestByThreeWay",
)

service = Service(
    client="codecommit",
    title="AWS CodeCommit",
    source="https://docs.aws.amazon.com/codecommit/latest/userguide/monitoring-events.html",
    kinds=(Kind(REPOSITORY, "CodeCommit repository", Part.CHANNEL),),
    writes=(
        Write("push", REPOSITORY, (*PUSHES, *MERGES)),
        Write("discuss", REPOSITORY, (*REQUESTS, *COMMENTS)),  # of which notification rules tell
    ),
    emissions=(
        Emission(
            "push",
            PUSHES,
            SOURCE,
            ("CodeCommit Repository State Change",),
            of=("",),
            name_at=("detail", "repositoryName"),
        ),
        Emission(
            "pull request",
            (*REQUESTS, *MERGES),
            SOURCE,
            ("CodeCommit Pull Request State Change", "CodeCommit Repository State Change"),
        ),
        Emission(
            "comment",
            COMMENTS,
            SOURCE,
            ("CodeCommit Comment on Commit", "CodeCommit Comment on Pull Request"),
        ),
    ),
    edges=("codecommit.trigger",),
)

repositories = Call("list_repositories", items="repositories")
triggers = Call(
    "get_repository_triggers",
    items="triggers",
    for_each=repositories,
    parameters={"repositoryName": Of("repositoryName")},
    gone=GONE,
    names=itemgetter("repositoryName"),
)


@service.reads(repositories)
def repository(here: Here, item: Item) -> Iterator[Fact]:
    """A repository of the Region being read."""
    yield resource(here, _arn(here, item), REPOSITORY)


@service.reads(triggers)
def trigger(here: Here, item: Item, repository: Item) -> Iterator[Fact]:
    """A function or a topic that hears of pushes, of all branches or of some."""
    target = item["destinationArn"]
    starts = arns.parse(target).service == "lambda"
    yield delivery(
        _arn(here, repository),
        target,
        Meaning.TRIGGERS if starts else Meaning.FORWARDS,
        "codecommit.trigger",
        label=item["name"],
        branches=sorted(item.get("branches", ())),
        events=sorted(item["events"]),
    )


def _arn(here: Here, repository: Item) -> str:
    return named.arn_of(here, "codecommit", repository["repositoryName"])
