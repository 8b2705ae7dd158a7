// The map's own arithmetic: where one looks, what is where, and where an arrow key leads.

import assert from "node:assert/strict";
import test from "node:test";

import { centred, fitted, LEGIBLE, moved, opening, pointed, zoomed } from "../../static/explorer/map/camera.js";
import { decoded } from "../../static/explorer/map/columns.js";
import { grid } from "../../static/explorer/map/grid.js";
import { arrowAt, sign, styleOf, styles } from "../../static/explorer/map/paths.js";
import { arrowAfter, walked } from "../../static/explorer/map/walk.js";

const bounds = { left: 0, top: 0, right: 9000, bottom: 5000 };

// Three boxes in a row, a → b → c, and a way back that fails; strings as they are sent.
const sent = {
  strings: ["a", "b", "c", "sqs.queue", "", "live", "triggers", "on-failure", "declared", "permitted", "added"],
  box: [168, 40],
  boxes: { id: ["1", "2", "3"], name: [0, 1, 2], kind: [3, 3, 3], verdict: [4, 5, 4], change: [4, 4, 10], members: [0, 0, 0], x: [0, 260, 520], y: [0, 0, 0] },
  arrows: { source: [0, 1, 2], target: [1, 2, 0], meaning: [6, 6, 7], evidence: [8, 9, 8], verdict: [4, 4, 4], change: [4, 4, 4], dormant: [0, 0, 0], count: [1, 1, 1] },
  frames: [["group", -20, -30, 800, 100]],
  focus: [1, 2],
};

test("what is under the pointer stays there when one zooms", () => {
  const camera = fitted(bounds, 800, 600);
  const [before, after] = [camera, zoomed(camera, 3, 200, 100)].map((each) => pointed(each, 200, 100));
  assert.ok(Math.hypot(before.x - after.x, before.y - after.y) < 1e-6);
});

test("everything fits, and a move is as far as the hand went", () => {
  const camera = fitted(bounds, 800, 600);
  const { x, y } = pointed(camera, 800, 600);
  assert.ok(x >= 9000 && y >= 5000 && camera.x <= 0 && camera.y <= 0);
  const there = moved(camera, 80, -60);
  assert.ok(Math.abs((camera.x - there.x) * camera.scale - 80) < 1e-6);
  assert.ok(Math.abs((there.y - camera.y) * camera.scale - 60) < 1e-6);
});

test("what is chosen comes into the middle, near enough to read", () => {
  const camera = centred(fitted(bounds, 800, 600), 100, 50, 800, 600);
  assert.deepEqual(pointed(camera, 400, 300), { x: 100, y: 50 });
  assert.ok(camera.scale >= LEGIBLE);
});

test("the first look is at everything if that can be read, else at what the map is about", () => {
  const map = decoded(sent);
  assert.deepEqual(opening(map, 1000, 600), fitted(map.bounds, 1000, 600));
  const narrow = opening(map, 300, 600);
  assert.ok(narrow.scale >= LEGIBLE);
  const { x, y } = pointed(narrow, 150, 300);
  assert.ok(Math.hypot(x - (260 + 84), y - 20) < 1e-6, "its first box is in the middle");
  assert.deepEqual(opening({ ...map, focus: [] }, 300, 600), fitted(map.bounds, 300, 600));
});

test("an arrow is meant from some pixels away, along its curve, and no further", () => {
  const whole = decoded(sent);
  const map = { ...whole, arrows: { ...whole.arrows, total: 2 } };
  assert.equal(arrowAt(map, 214, 22, 6, false), 0);
  assert.equal(arrowAt(map, 214, 22, 6, true), 0);
  assert.equal(arrowAt(map, 474, 18, 6, false), 1);
  assert.equal(arrowAt(map, 214, 40, 6, false), -1);
  assert.equal(arrowAt(whole, 344, 48, 6, false), 2, "what leads back in its row goes under it");
});

test("the arrows of a box come one after the other, round and round", () => {
  const map = decoded(sent);
  assert.deepEqual([-1, 0, 2].map((now) => arrowAfter(map, 0, now)), [0, 2, 0]);
  assert.equal(arrowAfter({ leaving: [[]], arriving: [[]] }, 0, -1), -1);
});

test("the grid finds every box and nothing between them", () => {
  const x = Array.from({ length: 500 }, (_, i) => (i % 25) * 260);
  const y = Array.from({ length: 500 }, (_, i) => Math.floor(i / 25) * 56);
  const places = grid({ x, y, count: 500, width: 168, height: 40 });
  assert.deepEqual(x.filter((_, i) => places.at(x[i] + 5, y[i] + 5) !== i), []);
  assert.equal(places.at(200, 5), -1);
  assert.equal(places.within(-1, -1, 9000, 9000).length, 500);
  assert.ok(places.within(0, 0, 100, 30).includes(0));
});

test("columns are read back, with what leaves and arrives at each box", () => {
  const map = decoded(sent);
  assert.deepEqual(map.boxes.name, ["a", "b", "c"]);
  assert.deepEqual([map.leaving[0], map.arriving[0]], [[0], [2]]);
  assert.deepEqual(map.bounds, { left: -20, top: -30, right: 780, bottom: 70 });
});

test("right follows what leaves, left what arrives, and the first key chooses something", () => {
  const map = decoded(sent);
  assert.equal(walked(map, -1, "ArrowRight"), 0);
  assert.equal(walked(map, 0, "ArrowRight"), 1);
  assert.equal(walked(map, 0, "ArrowLeft"), 2);
  assert.equal(walked({ boxes: { count: 0 } }, -1, "ArrowRight"), -1);
});

test("a line says by colour and dash what it is, and loops are drawn last", () => {
  const { arrows } = decoded(sent);
  assert.deepEqual([0, 1, 2].map((i) => styleOf(arrows, i)), ["line solid", "pale solid", "line dashed"]);
  const marked = { ...arrows, verdict: ["live", "", ""], dormant: [0, 1, 0] };
  assert.deepEqual(styles(marked).map(([style]) => style), ["line dashed", "pale dotted", "loop solid"]);
  assert.deepEqual(["added", "removed", "changed", ""].map(sign), ["+", "−", "~", ""]);
});
