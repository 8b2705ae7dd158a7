"""Every recorded answer has the shape botocore expects of its operation."""

from __future__ import annotations

import pytest
from botocore.validate import ParamValidator

from tests.catalog.recorded import declared
from tests.catalog.test_registry import operation
from tests.rig.answers import RECORDINGS, recording

NAMES = sorted(
    str(path.relative_to(RECORDINGS).with_suffix("")) for path in RECORDINGS.rglob("*.json")
)


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_has_the_shape_of_its_operations_answer(name):
    report = ParamValidator().validate(recording(name), operation(*declared(name)).output_shape)
    assert not report.has_errors(), report.generate_report()
