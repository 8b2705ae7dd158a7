"""SES: what may send mail, and the receipt rules that mail may start.

To whom mail goes is not told by the permission to send it, which names the sender: every rule
may take what any identity sends.

Source: https://docs.aws.amazon.com/ses/latest/dg/receiving-email-concepts.html
"""

from __future__ import annotations

from topology.catalog.service import Kind, Part, Service, Write

IDENTITY, RECEIPT_RULE = "ses.identity", "ses.receiptrule"

service = Service(
    client="ses",
    title="Amazon SES",
    source="https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html",
    kinds=(
        Kind(IDENTITY, "mail identity", Part.CHANNEL),
        Kind(RECEIPT_RULE, "mail receipt rule", Part.CHANNEL),
    ),
    writes=(
        Write(
            "send",
            IDENTITY,
            (
                "ses:SendEmail",
                "ses:SendRawEmail",
                "ses:SendTemplatedEmail",
                "ses:SendBulkEmail",
                "ses:SendBulkTemplatedEmail",
            ),
        ),
    ),
)
