"""The least a role must be allowed for everything the catalog reads.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from typing import Any

from topology import catalog


def read_policy() -> dict[str, Any]:
    """An IAM policy document that allows exactly the declared calls, the same on every run.

    The calls list and describe whole accounts, so most of them cannot be narrowed to a resource.
    """
    actions = {service.action_of(call) for service in catalog.services() for call in service.calls}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "LoopscopeReads",
                "Effect": "Allow",
                "Action": sorted(actions),
                "Resource": "*",
            }
        ],
    }
