"""The join against the slow, obvious way: every statement and channel tried by itself."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.inference.estate import HOME, SEND, function, resource, role, written
from topology.iam import wildcards
from topology.verdict import Cannot

QUEUES = [
    resource(f"arn:aws:sqs:{region}:{HOME}:{name}", "sqs.queue")
    for region in ("eu-west-1", "us-east-1")
    for name in ("a", "ab", "b-1", "b-2", "[", "ü")
]
RESOURCES = st.lists(
    st.builds(
        lambda region, name: f"arn:aws:sqs:{region}:{HOME}:{name}",
        st.sampled_from(["*", "eu-west-1", "us-*"]),
        st.text("ab-12[ü*?", max_size=3),
    )
    | st.sampled_from(["*", QUEUES[0].arn, "arn:aws:sqs:*"]),
    min_size=1,
    max_size=3,
)
STATEMENTS = st.lists(
    st.builds(
        lambda effect, action, name, to: {"Effect": effect, "Action": action, name: to},
        st.sampled_from(["Allow", "Allow", "Deny"]),
        st.sampled_from(["*", "sqs:*", "sqs:Send*", "sqs:Receive*"]),
        st.sampled_from(["Resource", "Resource", "NotResource"]),
        RESOURCES,
    ),
    min_size=1,
    max_size=4,
)


def obviously_permitted(statements, arn):
    def says(effect):
        return any(
            each["Effect"] == effect
            and wildcards.matches(each["Action"], "sqs:SendMessage")
            and any(
                wildcards.matches(pattern, arn)
                for pattern in each.get("Resource", each.get("NotResource"))
            )
            is ("Resource" in each)
            for each in statements
        )

    return says("Allow") and not says("Deny")


@settings(deadline=None)
@given(STATEMENTS)
def test_the_join_permits_what_trying_every_channel_permits(statements):
    found = written(role(*statements), function(), channels=QUEUES, writes=(SEND,))
    reached: set[str] = set()
    for write in found.writes:
        if not isinstance(write.hop, Cannot):
            hub = found.hubs.get(write.edge.target)
            reached.update(hub.channels if hub else [write.edge.target])
    expected = {queue.arn for queue in QUEUES if obviously_permitted(statements, queue.arn)}
    assert reached == expected
