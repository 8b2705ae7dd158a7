"""Account Management: the Regions an account may use, asked once before the crawl.

Source: https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html
"""

from __future__ import annotations

from topology.catalog.service import Call, Service

OFF = "DISABLED"  # a Region that is being enabled or disabled may hold something already or still

regions = Call("list_regions", items="Regions")

service = Service(
    client="account",
    title="AWS Account Management",
    source="https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html",
    calls=[regions],
)
