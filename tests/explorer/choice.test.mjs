// Which result of a search is chosen, and which keys ask for one.

import assert from "node:assert/strict";
import test from "node:test";

import { asks, moved, said } from "../../static/explorer/find/choice.js";

const key = (name, more = {}) => ({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...more });

test("arrows go round and round, from either end", () => {
  assert.deepEqual([-1, 0, 2].map((at) => moved(at, 3, "ArrowDown")), [0, 1, 0]);
  assert.deepEqual([-1, 0, 2].map((at) => moved(at, 3, "ArrowUp")), [2, 2, 1]);
});

test("home and end lead to the ends, other keys nowhere", () => {
  assert.deepEqual([moved(1, 3, "Home"), moved(1, 3, "End"), moved(1, 3, "x")], [0, 2, 1]);
});

test("of no results none is chosen", () => {
  for (const name of ["ArrowDown", "ArrowUp", "Home", "End"]) assert.equal(moved(-1, 0, name), -1);
});

test("Ctrl-K, ⌘K and a slash ask; a slash in a text does not, nor what a browser needs itself", () => {
  assert.ok(asks(key("k", { ctrlKey: true }), true));
  assert.ok(asks(key("K", { metaKey: true }), false));
  assert.ok(asks(key("/"), false));
  assert.ok(!asks(key("/"), true));
  assert.ok(!asks(key("k"), false));
  assert.ok(!asks(key("k", { ctrlKey: true, altKey: true }), false));
  assert.ok(!asks(key("/", { ctrlKey: true }), false));
});

test("what is said tells nothing found from nothing read", () => {
  const answer = (results, more, isRead) => ({ results, more, is_read: isRead });
  assert.match(said(answer([], 0, false), "a"), /Nothing has been read/);
  assert.match(said(answer([], 0, true), "a"), /Nothing that was read/);
  assert.equal(said(answer([{}], 0, true), "a"), "1 found.");
  assert.match(said(answer([{}, {}], 7, true), "a"), /2 found, 7 more/);
  assert.equal(said(answer([], 0, true), "  "), "");
});
