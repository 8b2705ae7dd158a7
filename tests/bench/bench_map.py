"""The map at 500, 2,000 and 10,000 boxes in a real Chromium.

A page of cytoscape is drawn beside it where ``LOOPSCOPE_CYTOSCAPE`` names its minified file.
"""

from __future__ import annotations

import gzip
import itertools
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import django
import waitress

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs an event loop
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from tests.bench.organisation import organisation  # noqa: E402
from tests.store.observations import account, observation, publish  # noqa: E402
from topology import runs  # noqa: E402
from topology.management.serving import local_person  # noqa: E402
from topology.reports.map_columns import columns, encoded  # noqa: E402
from topology.reports.map_layout import HEIGHT, WIDTH, Layout, layout  # noqa: E402
from topology.reports.map_view import Ask, View, view  # noqa: E402

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
EDGES = {500: 720, 2000: 2800, 10_000: 14_000}  # about so many give so many boxes
FRAMES = 60
PAN = """async (frames) => {
  const canvas = document.getElementById("map");
  const send = (name, x, y) => canvas.dispatchEvent(new PointerEvent(name,
    { bubbles: true, pointerId: 1, clientX: x, clientY: y }));
  canvas.setPointerCapture = () => {};
  const { left, top } = canvas.getBoundingClientRect();
  const times = [];
  send("pointerdown", left + 300, top + 200);
  let before = await new Promise(requestAnimationFrame);
  for (let i = 0; i < frames; i++) {
    send("pointermove", left + 300 + (i % 20) * 6, top + 200 + (i % 15) * 5);
    const now = await new Promise(requestAnimationFrame);
    times.push(now - before);
    before = now;
  }
  send("pointerup", left, top);
  return times.sort((a, b) => a - b)[Math.floor(frames * 0.95)];
}"""
CYTOSCAPE = """async ([boxes, arrows, names]) => {
  const began = performance.now();
  const place = document.getElementById("place");
  const elements = names.map((name, i) => ({ data: { id: `b${i}`, name } }));
  arrows.forEach(([a, b], i) =>
    elements.push({ data: { id: `e${i}`, source: `b${a}`, target: `b${b}` } }));
  const cy = cytoscape({ container: place, elements,
    layout: { name: "breadthfirst", directed: true },
    style: [{ selector: "node", style: { label: "data(name)", shape: "rectangle" } },
      { selector: "edge",
        style: { "curve-style": "bezier", "target-arrow-shape": "triangle" } }] });
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  const drawn = performance.now() - began;
  const times = [];
  let before = performance.now();
  for (let i = 0; i < 30; i++) {
    cy.panBy({ x: i % 2 ? 5 : -4, y: 3 });
    const now = await new Promise(requestAnimationFrame);
    times.push(now - before);
    before = now;
  }
  return [drawn, times.sort((a, b) => a - b)[28]];
}"""


def main() -> None:
    """Print, for each size: layout, payload, request to picture, frames, crossings, direction."""
    call_command("migrate", verbosity=0)
    person = Client()
    with _serving() as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM
        )
        for boxes, edges in EDGES.items():
            made = organisation(edges)
            publish(account(), observation(made.resources, made.edges))
            person.force_login(local_person())
            _measure(chromium, address, person.cookies["sessionid"].value, boxes)
        chromium.close()


def _measure(chromium: Browser, address: str, session: str, about: int) -> None:
    workspace = account().workspace
    workspace.refresh_from_db()
    began = time.perf_counter()
    scene = runs.mapped(workspace, workspace.moment)
    loaded = time.perf_counter() - began
    seen = view(scene, Ask(whole=True))
    began = time.perf_counter()
    laid = layout(seen)
    took = time.perf_counter() - began
    body, _ = encoded(seen, laid)
    print(f"-- about {about}: {len(seen.boxes)} boxes, {len(seen.arrows)} arrows")
    print(f"rows to scene {loaded:.2f} s (kept), layout {took:.2f} s")
    print(f"payload {len(body) / 1024:.0f} KiB, {len(gzip.compress(body)) / 1024:.0f} compressed")
    right, crossed = _quality(seen, laid)
    print(f"left to right {right:.1%}, crossings per edge {crossed}")
    for name, query in (("closed", ""), ("open", "?all=1")):
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/w/{workspace.slug}/map/{query}")
        page.wait_for_selector("#map[data-drawn]", timeout=60_000)
        drawn = page.locator("#map").get_attribute("data-drawn")
        far = page.evaluate(PAN, FRAMES)
        for _ in range(9):
            page.locator("[data-do=in]").click()
        near = page.evaluate(PAN, FRAMES)
        print(
            f"{name}: request to picture {drawn} ms,"
            f" frame p95 {far:.0f} ms fitted, {near:.0f} ms near"
        )
        context.close()
    _peer(chromium.new_page(), seen, laid)


def _peer(page: Page, seen: View, laid: Layout) -> None:
    """The same data on a plain page of cytoscape, without any request."""
    script = os.environ.get("LOOPSCOPE_CYTOSCAPE")
    if not script:
        print("cytoscape: not measured (LOOPSCOPE_CYTOSCAPE names no file)")
        return
    page.set_content('<div id="place" style="width:1000px;height:700px"></div>')
    page.add_script_tag(path=script)
    told = columns(seen, laid)
    arrows = list(zip(told["arrows"]["source"], told["arrows"]["target"], strict=True))
    names = [box.name for box in seen.boxes]
    drawn, frame = page.evaluate(CYTOSCAPE, [len(names), arrows, names])
    print(f"cytoscape (breadthfirst): drawn after {drawn:.0f} ms, frame p95 {frame:.0f} ms")
    page.close()


def _quality(seen: View, laid: Layout) -> tuple[float, str]:
    """The share of arrows that run to the right, and straight-line crossings per arrow."""
    at = {box.id: place for box, place in zip(seen.boxes, laid.places, strict=True)}
    lines = []
    right = 0
    for each in seen.arrows:
        (x1, y1), (x2, y2) = at[each.source], at[each.target]
        right += x1 < x2
        lines.append((x1 + WIDTH, y1 + HEIGHT / 2, x2, y2 + HEIGHT / 2))
    if len(lines) > 4000:
        return right / len(lines), "not counted"
    crossed = sum(_cross(a, b) for a, b in itertools.combinations(lines, 2))
    return right / len(lines), f"{crossed / len(lines):.2f}"


def _cross(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    def side(line: tuple[float, ...], x: float, y: float) -> float:
        return (line[2] - line[0]) * (y - line[1]) - (line[3] - line[1]) * (x - line[0])

    return (
        side(a, b[0], b[1]) * side(a, b[2], b[3]) < 0
        and side(b, a[0], a[1]) * side(b, a[2], a[3]) < 0
    )


@contextmanager
def _serving() -> Iterator[str]:
    server = waitress.create_server(WSGIHandler(), host="127.0.0.1", port=0)
    Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


if __name__ == "__main__":
    main()
