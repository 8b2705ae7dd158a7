"""CodePipeline: pipelines, stages and actions that change state tell the default bus.

Source: https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
"""

from __future__ import annotations

from topology.catalog.service import Emission, Service

SOURCE = "aws.codepipeline"

service = Service(
    client="codepipeline",
    title="AWS CodePipeline",
    source="https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html",
    emissions=(
        Emission(
            "pipeline",
            ("codepipeline:StartPipelineExecution", "codepipeline:StopPipelineExecution"),
            SOURCE,
            (
                "CodePipeline Pipeline Execution State Change",
                "CodePipeline Stage Execution State Change",
                "CodePipeline Action Execution State Change",
            ),
            of=("",),
            name_at=("detail", "pipeline"),
        ),
        Emission(
            "stage",
            (
                "codepipeline:RetryStageExecution",
                "codepipeline:RollbackStage",
                "codepipeline:PutApprovalResult",
                "codepipeline:PutJobSuccessResult",
                "codepipeline:PutJobFailureResult",
            ),
            SOURCE,
            (
                "CodePipeline Pipeline Execution State Change",
                "CodePipeline Stage Execution State Change",
                "CodePipeline Action Execution State Change",
            ),
        ),
    ),
)
