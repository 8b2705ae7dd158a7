"""What would stop a loop, on its page: commands to copy, and never a name that is markup."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.web.scene import Scene, example, publish
from tests.web.test_pages import loop_page

CANARY = "<script>alert('canary')</script>"


def loop(verdict: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in example()["loops"] if each["verdict"] == verdict)
    return found


def test_it_says_what_to_press_first_before_it_explains_the_hops(viewer: Client) -> None:
    guarded = loop("guarded")
    page = loop_page(viewer, guarded)
    assert page.index("What would stop it") < page.index("Hop by hop")
    assert page.index("Press first") < page.index("Hop by hop")
    for command in (
        guarded["press_first"]["patch"]["cli"],
        guarded["press_first"]["patch"]["undo"],
    ):
        assert command in page


def test_it_shows_every_cut_in_every_tongue(viewer: Client) -> None:
    guarded = loop("guarded")
    page = loop_page(viewer, guarded)
    for cut in guarded["cuts"]:
        for change in cut["changes"]:
            for tongue in ("cli", "undo", "cloudformation", "terraform"):
                assert change["patch"][tongue] in page
    assert "No set of changes that costs less would do." in page
    assert "An event that still arrives" in page


def test_a_stopped_loop_has_nothing_to_press(viewer: Client) -> None:
    assert "What would stop it" not in loop_page(viewer, loop("blocked"))


def test_a_report_from_before_there_were_cuts_is_still_shown(viewer: Client, shop: Scene) -> None:
    report = example()
    for each in report["loops"]:
        for member in ("cuts", "cuts_note", "press_first"):
            del each[member]
    publish(shop.workspace, report)
    assert "What would stop it" not in loop_page(viewer, report["loops"][0])


def test_what_was_not_tried_is_said(viewer: Client, shop: Scene) -> None:
    report = example()
    report["loops"][0] |= {"cuts": [], "press_first": None, "cuts_note": "Not tried: too many."}
    publish(shop.workspace, report)
    assert "Not tried: too many." in loop_page(viewer, report["loops"][0])


def test_a_name_in_a_command_stays_text(viewer: Client, shop: Scene) -> None:
    report = example()
    report["loops"][0]["press_first"]["patch"] = {
        **dict.fromkeys(("cli", "undo", "cloudformation", "terraform"), CANARY),
        "words": CANARY,
    }
    publish(shop.workspace, report)
    page = viewer.get(f"/w/shop/loops/{report['loops'][0]['fingerprint']}/").content.decode()
    assert CANARY not in page
    assert "canary" in page


def test_a_long_cut_says_where_all_of_it_is(viewer: Client, shop: Scene) -> None:
    report = example()
    first, second, *_ = report["loops"]
    second["cuts"][0] |= {"changes_in_all": 12, "all_at": first["fingerprint"]}
    publish(shop.workspace, report)
    page = loop_page(viewer, second)
    assert f"/w/shop/loops/{first['fingerprint']}/" in page
    assert "1 of 12 changes" in page
