"""What a person does with the pages, in a real Chromium: by mouse, by keyboard, without script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.browser.conftest import photograph, sign_in
from tests.store.observations import observation
from tests.store.observations import publish as crawled
from tests.web.scene import Scene, example, publish
from tests.web.test_map import thing
from topology.graph import Edge, Meaning
from topology.models import Run, RunState
from topology.reports.map_scene import id_of

pytestmark = pytest.mark.browser

LIVE, GUARDED = example()["loops"][0], example()["loops"][3]
CANARY = "<img src=x onerror=\"document.title='canary'\"><script>document.title='canary'</script>"


def test_it_leads_from_the_live_loop_to_its_picture_and_its_witness(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("7 loops found")
    page.get_by_role("link", name=re.compile("orders-totals")).first.click()
    expect(page.get_by_text("Nothing in the configuration stops it.")).to_be_visible()
    drawing = page.locator("svg.turn:visible")
    expect(drawing.locator("a.hop")).to_have_count(3)
    expect(drawing.locator(".hop-failure, .hop-dormant, .hop-cannot")).to_have_count(0)
    expect(page.locator("#hop-1 pre")).to_contain_text('"eventName": "MODIFY"')
    photograph(page, "loop")


def test_a_click_on_an_arrow_leads_to_what_is_said_about_it(page: Page) -> None:
    page.goto(f"{page.url}loops/{GUARDED['fingerprint']}/")
    page.locator("svg.turn:visible a.hop").nth(2).click()
    expect(page.locator("#hop-3")).to_be_focused()
    expect(page).to_have_url(re.compile("#hop-3$"))


def test_a_keyboard_alone_leads_from_home_through_every_hop(page: Page) -> None:
    press_until(page, lambda: "loops/" in focused(page, "href"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/loops/**")
    for number in (1, 2, 3, 1):
        page.keyboard.press("j")
        expect(page.locator(f"#hop-{number}")).to_be_focused()
        expect(page.locator(f"svg.turn:visible [data-hop='{number}']")).to_have_class(
            re.compile("current")
        )
    page.keyboard.press("k")
    expect(page.locator("#hop-3")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#hop-2")).to_be_focused()
    expect(page).to_have_url(re.compile("#hop-2$"))
    page.reload()
    expect(page.locator("#hop-2")).to_be_focused()


def test_the_first_tab_skips_to_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_it_copies_a_witness_whole(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{page.url}loops/{LIVE['fingerprint']}/")
    page.locator("#hop-1 .json").get_by_role("button", name="Copy").first.click()
    expect(page.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#hop-1 pre").first.text_content()


def test_it_says_how_far_a_crawl_is_and_shows_the_result_when_it_ends(
    page: Page, shop: Scene
) -> None:
    expect(page.get_by_text("Reading eu-west-1 (12 of 63 calls)")).to_be_visible()
    reading = shop.reading.runs.get().parts.filter(region="eu-west-1")
    reading.update(calls_done=40, doing="lambda.list_functions")
    said = "Reading eu-west-1 (40 of 63 calls, AWS Lambda: list functions); 1 of 3 regions done"
    expect(page.get_by_text(said)).to_be_visible()
    Run.objects.filter(aws_account=shop.reading).update(
        state=RunState.FAILED, reason="the token has expired"
    )
    expect(page.get_by_text("The last crawl failed: the token has expired")).to_be_visible()
    expect(page.locator("[data-progress]")).to_have_count(0)


def test_everything_is_there_without_javascript(
    new_context: CreateContextCallback, shop: Scene, live_server: LiveServer
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server, shop.viewer)
    page.get_by_role("link", name=re.compile("orders-totals")).first.click()
    page.locator("svg.turn:visible a.hop").nth(1).click()
    expect(page.locator("#hop-2")).to_be_in_viewport()
    expect(page.get_by_text("Step with")).to_be_hidden()


def test_a_keyboard_alone_changes_what_is_assumed_without_javascript(
    new_context: CreateContextCallback, shop: Scene, live_server: LiveServer
) -> None:
    page = new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    sign_in(page, live_server, shop.viewer)
    page.goto(f"{page.url}loops/{LIVE['fingerprint']}/")
    page.locator("summary", has_text="Assume something else").focus()
    page.keyboard.press("Enter")
    written = page.get_by_role("group", name=re.compile("Events written per invocation"))
    written.get_by_label("From").fill("3")
    written.get_by_label("to", exact=True).fill("4")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Worked out with your assumptions")).to_be_visible()
    assert "writes=3&writes=4" in page.url
    expect(written.get_by_label("From")).to_have_value("3")
    page.get_by_role("link", name="Back to the usual ones").click()
    expect(page.get_by_text("Worked out with your assumptions")).to_have_count(0)


@pytest.mark.parametrize("obeyed", [True, False], ids=["with CSP", "without CSP"])
def test_no_name_ever_runs_as_script(
    obeyed: bool, new_context: CreateContextCallback, shop: Scene, live_server: LiveServer
) -> None:
    report = example()
    for loop in report["loops"]:
        loop["title"] = loop["explanation"] = CANARY
        for edge in loop["edges"]:
            edge |= {"source_name": CANARY, "target_name": CANARY, "label": CANARY}
            edge["hop"] |= {"because": CANARY, "witness": {CANARY: CANARY}}
    hostile = thing(CANARY, "s3.bucket", tags={CANARY: CANARY}, stack=CANARY)
    write = Edge(thing("a").arn, hostile.arn, Meaning.WRITES, "test", label=CANARY, dormant=CANARY)
    crawled(shop.read, observation([thing("a"), hostile], [write]))
    shop.workspace.refresh_from_db()
    publish(shop.workspace, report)
    page = new_context(bypass_csp=not obeyed).new_page()
    sign_in(page, live_server, shop.viewer)
    for address in (
        "",
        f"loops/{LIVE['fingerprint']}/",
        f"accounts/{shop.read.pk}/",
        f"resources/{id_of(hostile.arn)}/",
        f"resources/{id_of(thing('a').arn)}/",
        "find/?q=onerror",
        "map/?q=onerror&all=1",
        "moments/",
        f"moments/{shop.workspace.moment - 1}/",
        "findings/",
    ):
        page.goto(f"{live_server.url}/w/shop/{address}")
        page.wait_for_load_state("networkidle")
        assert page.title() != "canary"
        assert page.locator("img").count() == 0


def press_until(page: Page, reached: Callable[[], bool]) -> None:
    """Tab on until a condition holds, at most fifty times."""
    for _ in range(50):
        page.keyboard.press("Tab")
        if reached():
            return
    pytest.fail("fifty tabs did not lead there")


def focused(page: Page, attribute: str) -> str:
    """An attribute of the element that has the focus."""
    return str(page.evaluate(f"document.activeElement.getAttribute('{attribute}') ?? ''"))
