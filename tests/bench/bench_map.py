"""The map at 500, 2,000 and 10,000 boxes in a real Chromium, and what it weighs with 50,000 arrows.

A page of cytoscape is drawn beside it where ``LOOPSCOPE_CYTOSCAPE`` names its minified file, with
ELK's layout in a worker, up to 2,000 boxes, where ``LOOPSCOPE_ELK`` names the folder of elkjs'
files. Both are only drawn: their data is in the page already, and ours comes over HTTP.
"""

from __future__ import annotations

import gzip
import itertools
import os
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import django
import waitress

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs an event loop
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from tests.bench.organisation import organisation  # noqa: E402
from tests.store.observations import account, observation, publish  # noqa: E402
from topology import runs  # noqa: E402
from topology.management.serving import local_person  # noqa: E402
from topology.reports.map_columns import columns, encoded  # noqa: E402
from topology.reports.map_layout import HEIGHT, WIDTH, Layout, layout  # noqa: E402
from topology.reports.map_view import Ask, View, view  # noqa: E402
from topology.runs import mapping  # noqa: E402

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
EDGES = {500: 720, 2000: 2800, 10_000: 14_000}  # about so many give so many boxes
FRAMES = 60
ARROWS = 50_000  # of the heaviest view
PAN = """async (frames) => {
  const canvas = document.getElementById("map");
  const send = (name, x, y) => canvas.dispatchEvent(new PointerEvent(name,
    { bubbles: true, pointerId: 1, clientX: x, clientY: y }));
  canvas.setPointerCapture = () => {};
  const { left, top } = canvas.getBoundingClientRect();
  const times = [];
  window.covered = 1;
  send("pointerdown", left + 300, top + 200);
  let before = await new Promise(requestAnimationFrame);
  for (let i = 0; i < frames; i++) {
    send("pointermove", left + 300 + i * 20, top + 200 + i * 8);
    const now = await new Promise(requestAnimationFrame);
    times.push(now - before);
    before = now;
  }
  send("pointerup", left, top);
  times.sort((a, b) => a - b);
  const rate = 1000 * frames / times.reduce((a, b) => a + b);
  return [times[Math.floor(frames * 0.95)], times[frames - 1], rate, window.covered];
}"""
LONG = """
window.covered = 1;  // the least share of the window that had a picture, of every frame
const draw = CanvasRenderingContext2D.prototype.drawImage;
CanvasRenderingContext2D.prototype.drawImage = function (picture, x, y, width, height) {
  const { width: wide, height: high } = this.canvas;
  const shown = (from, to, most) => Math.max(0, Math.min(to, most) - Math.max(from, 0));
  const share = shown(x, x + width, wide) * shown(y, y + height, high) / (wide * high);
  window.covered = Math.min(window.covered, share);
  return draw.apply(this, arguments);
};
window.longest = 0;
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) window.longest = Math.max(window.longest, each.duration);
}).observe({ type: "longtask", buffered: true });
"""
CYTOSCAPE = """async ([arrows, names, wide, high, worker]) => {
  const began = performance.now();
  const elements = names.map((name, i) => ({ data: { id: `b${i}`, name } }));
  arrows.forEach(([a, b], i) =>
    elements.push({ data: { id: `e${i}`, source: `b${a}`, target: `b${b}` } }));
  let layout = { name: "breadthfirst", directed: true };
  let places = null;
  if (worker) {
    const code = URL.createObjectURL(new Blob([worker], { type: "text/javascript" }));
    const elk = new ELK({ workerFactory: () => new Worker(code) });
    const laid = await elk.layout({
      id: "root",
      layoutOptions: { "elk.algorithm": "layered", "elk.direction": "RIGHT" },
      children: names.map((_, i) => ({ id: `b${i}`, width: wide, height: high })),
      edges: arrows.map(([a, b], i) => ({ id: `e${i}`, sources: [`b${a}`], targets: [`b${b}`] })),
    });
    places = laid.children.map(({ x, y }) => [x, y]);
    layout = { name: "preset", positions: (node) => {
      const [x, y] = places[Number(node.id().slice(1))];
      return { x: x + wide / 2, y: y + high / 2 };
    } };
  }
  const cy = cytoscape({ container: document.getElementById("place"), elements, layout,
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
  return [drawn, times.sort((a, b) => a - b)[28], places];
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
            chromium.new_page().goto(f"{address}/")  # neither begins cold
            _measure(chromium, address, person.cookies["sessionid"].value, boxes)
        chromium.close()


def _measure(chromium: Browser, address: str, session: str, about: int) -> None:
    workspace = account().workspace
    workspace.refresh_from_db()
    runs.analyse_latest(workspace)
    began = time.perf_counter()
    scene = runs.mapped(workspace, workspace.moment)
    loaded = time.perf_counter() - began
    seen = view(scene, Ask(whole=True))
    began, used = time.perf_counter(), time.process_time()
    laid = layout(seen)
    took, busy = time.perf_counter() - began, time.process_time() - used
    body, _ = encoded(seen, laid)
    print(f"-- about {about}: {len(seen.boxes)} boxes, {len(seen.arrows)} arrows")
    print(f"scene as it was kept {loaded:.2f} s, layout {took:.2f} s ({busy:.2f} of processor)")
    print(f"payload {len(body) / 1024:.0f} KiB, {len(gzip.compress(body)) / 1024:.0f} compressed")
    if len(seen.boxes) > 9_000:
        dense, _ = encoded(_dense(seen), laid)
        packed = len(gzip.compress(dense)) / 1024
        print(f"with {ARROWS:,} arrows {len(dense) / 1024:.0f} KiB, {packed:.0f} compressed")
    right, crossed = _quality(seen, laid.places)
    print(f"left to right {right:.1%}, crossings per edge {crossed}")
    for name, query in (("closed", ""), ("open", "?all=1")):
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        page = context.new_page()
        page.add_init_script(LONG)
        for kept in (mapping._wiring, mapping._scene, mapping._drawn):
            kept.cache_clear()
        drawn = []
        for _ in ("cold", "kept"):
            page.goto(f"{address}/w/{workspace.slug}/map/{query}")
            page.wait_for_selector("#map[data-drawn]", timeout=60_000)
            drawn.append(page.locator("#map").get_attribute("data-drawn"))
        cold, kept_drawn = drawn
        longest = page.evaluate("window.longest")
        page.locator("[data-do=fit]").click()
        page.wait_for_timeout(500)
        far = page.evaluate(PAN, FRAMES)
        for _ in range(9):
            page.locator("[data-do=in]").click()
        near = page.evaluate(PAN, FRAMES)
        longest_then = page.evaluate("window.longest")
        print(
            f"{name}: cold request to picture {cold} ms, kept {kept_drawn} ms, longest task"
            f" {longest:.0f} ms opening, {longest_then:.0f} ms in all"
        )
        for where, (late, latest, rate, covered) in {"fitted": far, "near": near}.items():
            frames = f"frame p95 {late:.0f} ms, worst {latest:.0f}, {rate:.0f} frames/s"
            print(f"  {where}: {frames}, at least {covered:.0%} of the window drawn")
        context.close()
    _peer(chromium, seen, laid)


def _peer(chromium: Browser, seen: View, laid: Layout) -> None:
    """The same data on a plain page of cytoscape, without any request."""
    script, elk = os.environ.get("LOOPSCOPE_CYTOSCAPE"), os.environ.get("LOOPSCOPE_ELK")
    if not script:
        print("cytoscape: not measured (LOOPSCOPE_CYTOSCAPE names no file)")
        return
    told = columns(seen, laid)
    arrows = list(zip(told["arrows"]["source"], told["arrows"]["target"], strict=True))
    names = [box.name for box in seen.boxes]
    layouts = ["breadthfirst", *(["ELK"] if elk and len(names) < 4_000 else [])]
    for name in layouts:
        page = chromium.new_page()
        page.set_default_timeout(300_000)
        page.set_content('<div id="place" style="width:1000px;height:700px"></div>')
        page.add_script_tag(path=script)
        worker = ""
        if name == "ELK":
            page.add_script_tag(path=Path(str(elk)) / "elk-api.js")
            worker = (Path(str(elk)) / "elk-worker.min.js").read_text(encoding="utf-8")
        given = [arrows, names, WIDTH, HEIGHT, worker]
        drawn, frame, places = page.evaluate(CYTOSCAPE, given)
        told_of = ""
        if places:
            right, crossed = _quality(seen, places)
            told_of = f", left to right {right:.1%}, crossings per edge {crossed}"
        print(f"cytoscape + {name}: drawn after {drawn:.0f} ms, frame p95 {frame:.0f} ms{told_of}")
        page.close()


def _dense(seen: View) -> View:
    """The same boxes with so many arrows, drawn at random among those there are."""
    rng = random.Random(7)
    ids = [box.id for box in seen.boxes]
    more = [
        replace(rng.choice(seen.arrows), source=rng.choice(ids), target=rng.choice(ids))
        for _ in range(ARROWS - len(seen.arrows))
    ]
    return replace(seen, arrows=(*seen.arrows, *more))


def _quality(seen: View, places: Sequence[Any]) -> tuple[float, str]:
    """The share of arrows that run to the right, and straight-line crossings per arrow."""
    at = {box.id: place for box, place in zip(seen.boxes, places, strict=True)}
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
