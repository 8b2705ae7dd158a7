"""CodeBuild: builds that change state tell the default bus.

Source: https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications.html
"""

from __future__ import annotations

from topology.catalog.service import Emission, Service

service = Service(
    client="codebuild",
    title="AWS CodeBuild",
    source="https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications.html",
    emissions=(
        Emission(
            "build",
            (
                "codebuild:StartBuild",
                "codebuild:StartBuildBatch",
                "codebuild:RetryBuild",
                "codebuild:RetryBuildBatch",
                "codebuild:StopBuild",
            ),
            "aws.codebuild",
            ("CodeBuild Build State Change", "CodeBuild Build Phase Change"),
            of=("project/",),
            name_at=("detail", "project-name"),
        ),
    ),
)
