"""Join 5,000 roles' policy patterns with 20,000 ARNs: the index against trying every pair.

Run ``python -m tests.bench.bench_iam``. Prints seconds and ratios, all measured in one run, and
fails unless every way finds the same edges. Trying every pair takes a quarter of an hour, so it
tries one pattern in ``SAMPLED``; its whole time is that many times as long.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase

from topology.graph import Graph, Resource, graph
from topology.inference.arn_index import ArnIndex
from topology.inference.writes import permitted_writes

ROLES, PATTERNS, ARNS = 5_000, 10_762, 20_000
SAMPLED = 20
REGIONS = ("eu-west-1", "us-east-1", "eu-central-1")
ACCOUNTS = ("111122223333", "444455556666")
STAGES = ("dev", "test", "prod")
# As AWS writes them, with the share of each in the estate, and the action that writes to it.
KINDS = {
    "s3.bucket": ("arn:aws:s3:::{name}", 15, "s3:PutObject"),
    "sqs.queue": ("arn:aws:sqs:{region}:{account}:{name}", 30, "sqs:SendMessage"),
    "sns.topic": ("arn:aws:sns:{region}:{account}:{name}", 20, "sns:Publish"),
    "dynamodb.table": ("arn:aws:dynamodb:{region}:{account}:table/{name}", 15, "dynamodb:PutItem"),
    "lambda.function": ("arn:aws:lambda:{region}:{account}:function:{name}", 20, "lambda:Invoke*"),
}


def estate(rng: random.Random) -> list[tuple[str, str]]:
    """ARNs of named services by stage, region and account, each with its kind."""
    kinds = rng.choices(list(KINDS), [share for _, share, _ in KINDS.values()], k=ARNS)
    return [
        (kind, _arn(kind, f"{rng.choice(STAGES)}-svc{n // 7}-{n}", rng))
        for n, kind in enumerate(kinds)
    ]


def _arn(kind: str, name: str, rng: random.Random) -> str:
    template = KINDS[kind][0]
    return template.format(name=name, region=rng.choice(REGIONS), account=rng.choice(ACCOUNTS))


def pattern(arn: str, rng: random.Random) -> str:
    """A grant on an ARN as people and templates write it, from exact to service-wide."""
    *place, resource = arn.split(":", 5)
    stem = resource.rpartition("-")[0]
    anywhere = f"{':'.join(place[:3])}:*:*" if place[3] else ":".join(place)
    written = {
        arn: 50,
        f"{':'.join(place)}:{stem}-*": 20,
        f"{anywhere}:{resource}": 8,
        f"{anywhere}:{stem}-*": 8,
        f"{':'.join(place)}:*-{resource.rpartition('-')[2]}": 4,
        f"{anywhere}:*{stem.rpartition('-')[2]}-*": 4,
        f"{':'.join(place)}:{stem}-????": 4,
        f"{':'.join(place)}:*": 1,
        "*": 1,
    }
    return rng.choices(list(written), list(written.values()))[0]


def joined(
    find: Callable[[str], frozenset[str]], patterns: Sequence[str]
) -> tuple[float, list[frozenset[str]]]:
    """Seconds, and what every pattern matches."""
    start = time.perf_counter()
    found = [find(each) for each in patterns]
    return time.perf_counter() - start, found


def by_regex(arns: Sequence[str]) -> Callable[[str], frozenset[str]]:
    """Every ARN against the pattern as a compiled regex."""

    def find(pattern: str) -> frozenset[str]:
        texts = {"*": ".*", "?": "."}
        match = re.compile(
            "".join(texts.get(c, re.escape(c)) for c in pattern), re.DOTALL
        ).fullmatch
        return frozenset(arn for arn in arns if match(arn))

    return find


def by_fnmatch(arns: Sequence[str]) -> Callable[[str], frozenset[str]]:
    """Every ARN through ``fnmatch`` (right here only because no name has a bracket)."""
    return lambda pattern: frozenset(arn for arn in arns if fnmatchcase(arn, pattern))


def account(resources: Sequence[tuple[str, str]], patterns: Sequence[str]) -> Graph:
    """The estate as a graph: the patterns dealt out to the roles of as many functions."""
    nodes = [_resource(arn, kind) for kind, arn in resources]
    for number in range(ROLES):
        home = ACCOUNTS[number % 2]
        role = f"arn:aws:iam::{home}:role/role-{number}"
        statements = [
            {
                "Effect": "Allow",
                "Action": _action(each),
                "Resource": each if ":s3:" not in each else f"{each}/*",
            }
            for each in patterns[number::ROLES]
        ]
        document = {"Version": "2012-10-17", "Statement": statements}
        nodes.append(_resource(role, "iam.role", policies=[{"name": "own", "document": document}]))
        function = f"arn:aws:lambda:eu-west-1:{home}:function:actor-{number}"
        nodes.append(_resource(function, "lambda.function", role=role))
    return graph(nodes, ())


def _action(pattern: str) -> str:
    service = "*" if pattern == "*" else pattern.split(":")[2]
    return next(
        (action for kind, (_, _, action) in KINDS.items() if kind.startswith(f"{service}.")), "*"
    )


def _resource(arn: str, kind: str, **attributes: object) -> Resource:
    fields = arn.split(":", 5)
    account = fields[4] or ACCOUNTS[0]
    return Resource(arn, kind, account, fields[3], fields[5], attributes)


def main() -> None:
    """Print the ratios."""
    rng = random.Random(7)
    resources = estate(rng)
    arns = [arn for _, arn in resources]
    distinct: dict[str, None] = {}
    while len(distinct) < PATTERNS:
        distinct[pattern(rng.choice(arns), rng)] = None
    patterns = list(distinct)

    start = time.perf_counter()
    index = ArnIndex(arns)
    building = time.perf_counter() - start
    seconds, found = joined(index.matching, patterns)
    seconds += building
    edges = sum(map(len, found))
    print(f"{PATTERNS:,} distinct patterns × {ARNS:,} ARNs = {edges:,} edges")
    print(f"index            {seconds:8.3f} s  (building it: {building:.3f} s)")
    is_same = True
    for name, find in (("compiled regex", by_regex(arns)), ("fnmatch", by_fnmatch(arns))):
        naive, same = joined(find, patterns[::SAMPLED])
        is_same &= same == found[::SAMPLED]
        print(
            f"{name:16} {naive:8.3f} s for one pattern in {SAMPLED}, so "
            f"{naive * SAMPLED / seconds:.0f} × the index; "
            f"{'identical edges' if is_same else 'DIFFERENT EDGES'}"
        )
    start = time.perf_counter()
    written = permitted_writes(account(resources, patterns))
    whole = time.perf_counter() - start
    print(
        f"permitted_writes {whole:8.3f} s  {ROLES:,} roles, policies parsed, every write judged: "
        f"{len(written.writes):,} edges, {len(written.hubs):,} hubs"
    )
    if not is_same:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
