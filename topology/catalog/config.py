"""Config: verdicts of rules that change tell the default bus.

Source: https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html
"""

from __future__ import annotations

from topology.catalog.service import Emission, Service

service = Service(
    client="config",
    title="AWS Config",
    source="https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html",
    emissions=(
        Emission(
            "compliance",
            (
                "config:PutEvaluations",
                "config:PutExternalEvaluation",
                "config:StartConfigRulesEvaluation",
            ),
            "aws.config",
            ("Config Rules Compliance Change",),
        ),
    ),
)
