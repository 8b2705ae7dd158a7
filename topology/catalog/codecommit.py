"""CodeCommit: pushes and merges tell the default bus.

Source: https://docs.aws.amazon.com/codecommit/latest/userguide/monitoring-events.html
"""

from __future__ import annotations

from topology.catalog.service import Emission, Service

SOURCE = "aws.codecommit"

service = Service(
    client="codecommit",
    title="AWS CodeCommit",
    source="https://docs.aws.amazon.com/codecommit/latest/userguide/monitoring-events.html",
    emissions=(
        Emission(
            "push",
            (
                "codecommit:GitPush",
                "codecommit:PutFile",
                "codecommit:DeleteFile",
                "codecommit:CreateCommit",
                "codecommit:CreateBranch",
                "codecommit:DeleteBranch",
                "codecommit:MergeBranchesByFastForward",
                "codecommit:MergeBranchesBySquash",
                "codecommit:MergeBranchesByThreeWay",
            ),
            SOURCE,
            ("CodeCommit Repository State Change",),
            of=("",),
            name_at=("detail", "repositoryName"),
        ),
        Emission(
            "pull request",
            (
                "codecommit:CreatePullRequest",
                "codecommit:UpdatePullRequestStatus",
                "codecommit:UpdatePullRequestTitle",
                "codecommit:UpdatePullRequestDescription",
                "codecommit:MergePullRequestByFastForward",
                "codecommit:MergePullRequestBySquash",
                "codecommit:MergePullRequestByThreeWay",
            ),
            SOURCE,
            ("CodeCommit Pull Request State Change", "CodeCommit Repository State Change"),
        ),
        Emission(
            "comment",
            (
                "codecommit:PostCommentForComparedCommit",
                "codecommit:PostCommentForPullRequest",
                "codecommit:PostCommentReply",
            ),
            SOURCE,
            ("CodeCommit Comment on Commit", "CodeCommit Comment on Pull Request"),
        ),
    ),
)
