// What is drawn of the map without a screen: when a sheet is spent, which names have room, where links lead.

import assert from "node:assert/strict";
import test from "node:test";

import { placed, ranked } from "../../static/explorer/map/labels.js";
import { boxLinks, edgesLink } from "../../static/explorer/map/links.js";
import { isSpent, laid, MARGIN } from "../../static/explorer/map/screen.js";

const camera = { x: 100, y: 50, scale: 2 };
const look = { camera, edition: 0, across: 800, down: 600, ratio: 1 };
const away = (pixels) => ({ ...look, camera: { ...camera, x: camera.x + pixels / camera.scale } });

test("a sheet serves until the window nears its edge, or its scale, size or colours are others", () => {
  assert.ok(isSpent(undefined, look));
  assert.ok(!isSpent(look, away(MARGIN / 2 - 1)));
  assert.ok(isSpent(look, away(MARGIN / 2 + 1)));
  assert.ok(isSpent(look, { ...look, camera: { ...camera, scale: 2.1 } }));
  for (const other of [{ edition: 1 }, { across: 801 }, { down: 1 }, { ratio: 2 }]) assert.ok(isSpent(look, { ...look, ...other }));
});

test("a sheet lies on whole pixels, moves against the hand, and grows with the scale about the same point", () => {
  assert.deepEqual(laid(look, camera), { x: -MARGIN, y: -MARGIN, scale: 1 });
  assert.deepEqual(laid(look, away(10.4).camera), { x: -MARGIN - 10, y: -MARGIN, scale: 1 });
  assert.deepEqual(laid(look, { ...camera, scale: 4 }), { x: -2 * MARGIN, y: -2 * MARGIN, scale: 2 });
});

test("names that matter more keep their room, and none lies over another", () => {
  const wished = [[0, 0], [30, 0], [90, 0], [0, 30]].map(([x, y], i) => ({ text: String(i), x, y, width: 60 }));
  assert.deepEqual(placed(wished).map((each) => each.text), ["0", "2", "3"]);
});

test("boxes in a loop come first, then large groups, then those where many arrows meet", () => {
  const map = {
    boxes: { count: 4, verdict: ["", "", "", "live"], members: [0, 9, 0, 0] },
    leaving: [[], [], [1, 2], []], arriving: [[], [], [], []],
  };
  assert.deepEqual([...ranked(map)], [3, 1, 2, 0]);
});

const pages = { resource: "/r/000000000000/", edges: "/e/000000000000/000000000000/", whatIf: "/what-if/" };

test("links keep filters and readings, and a group is opened beside those that are", () => {
  const here = { search: "?group=region&moment=3&open=a&at=b" };
  assert.deepEqual(boxLinks(here, pages, "c", true), [["Open this group", "?group=region&moment=3&open=a&at=b&open=c"]]);
  const links = Object.fromEntries(boxLinks(here, pages, "c", false));
  assert.equal(links["Start here"], "?group=region&moment=3&at=c");
  assert.equal(links["Page of the resource"], "/r/c/");
  assert.equal(links["Ways from the start to here"], "?group=region&moment=3&from=b&to=c");
  assert.equal(edgesLink(here, pages, "a", "b"), "/e/a/b/?moment=3");
  assert.equal(edgesLink({ search: "?moment=3&against=2" }, pages, "a", "b", true), "/e/a/b/?moment=2");
  assert.equal(edgesLink({ search: "" }, pages, "a", "b"), "/e/a/b/");
});
