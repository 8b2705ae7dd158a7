"""Names in a drawing: shortened in the middle, always text, always well-formed."""

from __future__ import annotations

import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topology.reports.svg import drawing, element, printable, shorten


def cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


@pytest.mark.parametrize(
    ("name", "room", "short"),
    [
        ("orders", 6, "orders"),
        ("orders-dead", 10, "order…dead"),
        ("orders-dead", 5, "or…ad"),
        ("名前名前名前", 7, "名…前"),
        ("", 5, ""),
    ],
)
def test_it_leaves_out_the_middle(name: str, room: int, short: str) -> None:
    assert shorten(name, room) == short


@given(st.text(), st.integers(3, 40))
def test_a_short_name_fits_and_keeps_both_ends(name: str, room: int) -> None:
    short = shorten(name, room)
    assert cells(short) <= room
    head, found, tail = short.partition("…") if short != printable(name) else (short, "", "")
    assert printable(name).startswith(head)
    assert printable(name).endswith(tail)
    assert found or head == printable(name)


@given(st.text(st.characters(codec=None)))
def test_any_name_becomes_well_formed_text_and_nothing_else(name: str) -> None:
    text = element("text", name, aria_label=name)
    parsed = ElementTree.fromstring(drawing(10, 10, text))
    assert [child.tag.rpartition("}")[2] for child in parsed] == ["text"]
    assert (parsed[0].text or "") == printable(name)
    assert not list(parsed[0])


def test_attributes_are_hyphenated_and_numbers_short() -> None:
    assert drawing(10.0, 1 / 3).startswith(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10'
    )
    assert element("rect", class_="box", text_anchor="end", x=2.0).attrib == {
        "class": "box",
        "text-anchor": "end",
        "x": "2",
    }
