// The map: fetches its columns, shows them, and says what is chosen. What is asked for is in the URL, what is chosen in its hash.

import { centred, fitted, moved, opening, pointed, zoomed } from "./camera.js";
import { decoded } from "./columns.js";
import { follow } from "./gestures.js";
import { grid } from "./grid.js";
import { boxLinks, edgesLink } from "./links.js";
import { panel } from "./panel.js";
import { arrowAt, FAR, trace } from "./paths.js";
import { screen } from "./screen.js";
import { arrowAfter, walked } from "./walk.js";

const NEAR = 6; // pixels from which an arrow is meant
const EVERYTHING = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };

const canvas = document.getElementById("map");
const place = document.getElementById("map-chosen");
const worker = new Worker(new URL("./sheet.js", import.meta.url), { type: "module" }); // starts while the map is fetched
let map;
let camera;
let seen; // the screen
let places;
let panels;
let box = -1; // chosen
let arrow = -1; // chosen; then the box is one of its ends, or none

const size = () => [canvas.clientWidth, canvas.clientHeight];

function look(next) {
  camera = next;
  seen.show(camera);
}

// What is chosen, drawn over the map.
function over(context, { scale }, colours) {
  context.strokeStyle = colours.link;
  context.lineWidth = Math.max(3, 2 / scale);
  const { x, y, width, height } = map.boxes;
  if (arrow >= 0) trace(context, map.boxes, map.arrows, [arrow], EVERYTHING, scale);
  else if (box >= 0) context.strokeRect(x[box] - 4, y[box] - 4, width + 8, height + 8);
}

function mark(hash) {
  const here = new URL(location.href);
  here.hash = hash;
  history.replaceState(null, "", here);
}

function chooseBox(index, isFollowed) {
  [box, arrow] = [index, -1];
  panels.box(index);
  mark(index < 0 ? "" : map.boxes.id[index]);
  if (isFollowed && index >= 0) centre([index]);
  else look(camera);
}

function chooseArrow(index, isFollowed) {
  arrow = index;
  panels.arrow(index);
  const ends = [map.arrows.source[index], map.arrows.target[index]];
  mark(ends.map((end) => map.boxes.id[end]).join("-"));
  if (isFollowed) centre(ends);
  else look(camera);
}

function centre(boxes) {
  const { x, y, width, height } = map.boxes;
  const middle = (column, half) => boxes.reduce((sum, i) => sum + column[i], 0) / boxes.length + half;
  look(centred(camera, middle(x, width / 2), middle(y, height / 2), ...size()));
}

function click(x, y) {
  const at = pointed(camera, x, y);
  const hit = places.at(at.x, at.y);
  const line = hit < 0 ? arrowAt(map, at.x, at.y, NEAR / camera.scale, camera.scale < FAR) : -1;
  if (line >= 0) chooseArrow(line);
  else chooseBox(hit);
}

function zoom(factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
  look(zoomed(camera, factor, x, y));
}

const DOES = {
  in: () => zoom(1.4),
  out: () => zoom(1 / 1.4),
  fit: () => look(fitted(map.bounds, ...size())),
  png: () => canvas.toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = "map.png";
    link.click();
    URL.revokeObjectURL(link.href);
  }),
};
const KEYS = { "+": "in", "=": "in", "-": "out", 0: "fit" };

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.startsWith("Arrow")) chooseBox(walked(map, box, event.key), true);
  else if (event.key === "e" && box >= 0) {
    const next = arrowAfter(map, box, arrow);
    if (next >= 0) chooseArrow(next, true);
  } else if (KEYS[event.key]) DOES[KEYS[event.key]]();
  else if (event.key === "Escape") chooseBox(arrow >= 0 ? box : -1);
  else if (event.key === "Enter") place.querySelector("a")?.click();
  else return;
  event.preventDefault();
}

function listen() {
  follow(canvas, { move: (dx, dy) => look(moved(camera, dx, dy)), zoom, click });
  canvas.addEventListener("keydown", onKey);
  for (const button of document.querySelectorAll("[data-do]")) button.addEventListener("click", DOES[button.dataset.do]);
  new ResizeObserver(() => look(camera)).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", seen.recolour);
}

// What the hash names: a box, or an arrow by its ends.
function again() {
  const [from, to] = location.hash.slice(1).split("-").map((id) => map.boxes.id.indexOf(id));
  const line = to >= 0 ? (map.leaving[from] ?? []).find((i) => map.arrows.target[i] === to) ?? -1 : -1;
  if (line >= 0) chooseArrow(line, true);
  else if (from >= 0) chooseBox(from, true);
  else panels.box(-1);
}

async function start() {
  const answer = await fetch(canvas.dataset.from);
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  const sent = await answer.json();
  map = decoded(sent);
  places = grid(map.boxes);
  seen = screen(canvas, worker, sent, over);
  const pages = canvas.dataset;
  panels = panel(place, map, { chooseBox, chooseArrow }, {
    box: (id, isGroup) => boxLinks(location, pages, id, isGroup),
    edges: (source, target, isGone) => edgesLink(location, pages, source, target, isGone),
  });
  look(opening(map, ...size()));
  listen();
  again();
  await seen.drawn;
  canvas.dataset.drawn = String(Math.round(performance.now()));
}

start().catch((error) => {
  place.textContent = `The map could not be drawn (${error.message}). Load the page again; the lists say the same.`;
});
