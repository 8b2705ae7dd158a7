"""A worker that has prepared itself reads what any process reads."""

from __future__ import annotations

import subprocess
import sys

from tests.rig.estate import seed

CRAWL = """
import gc, sys
from topology import crawl, garbage
from topology.crawl import session
session.prepare()
assert gc.get_freeze_count()
with garbage.left_alone():
    assert gc.isenabled()  # what crawls beside an analysis leave is collected meanwhile
reached = crawl.Connection(role_arn=sys.argv[1], endpoint_url=sys.argv[2])
seen = crawl.observe(reached, crawl.identify(reached), sys.argv[3])
print(len(seen.gaps), len(seen.resources), len(seen.edges))
"""


def test_models_without_their_documentation_ask_and_answer_the_same(aws):
    seed(aws)
    arguments = [sys.executable, "-c", CRAWL, aws.role_arn, aws.endpoint_url, aws.region]
    ran = subprocess.run(arguments, check=True, capture_output=True, text=True)
    gaps, resources, edges = map(int, ran.stdout.split())
    assert gaps == 0
    assert resources > 5
    assert edges > 5
