// The map: fetches its columns, draws them, and follows mouse, touch and keys. State is in the URL.

import { centred, fitted, moved, pointed, zoomed } from "./camera.js";
import { decoded } from "./columns.js";
import { grid } from "./grid.js";
import { painter } from "./paint.js";
import { panel } from "./panel.js";
import { walked } from "./walk.js";

const canvas = document.getElementById("map");
const place = document.getElementById("map-chosen");
let map;
let camera;
let paint;
let places;
let say;
let chosen = -1;
let asked = false;

function hrefs(id, isGroup) {
  const here = new URL(location.href);
  if (isGroup) {
    here.searchParams.append("open", id);
    return [["Open this group", here.search]];
  }
  const to = (more) => `?${new URLSearchParams({ ...kept(here), ...more })}`;
  const page = canvas.dataset.resource.replace("000000000000", id);
  const links = [["Start here", to({ at: id })], ["Page of the resource", page], ["Blast radius", to({ at: id, way: "down", steps: 4 })]];
  links.push(["What if…", `${canvas.dataset.whatIf}?${new URLSearchParams({ at: id })}`]);
  const at = here.searchParams.get("at");
  if (at && at !== id) links.push(["Ways from the start to here", to({ from: at, to: id })]);
  return links;
}

function kept(here) {
  const names = ["group", "service", "meaning", "evidence", "moment", "against"];
  return Object.fromEntries(names.filter((name) => here.searchParams.get(name)).map((name) => [name, here.searchParams.get(name)]));
}

function draw() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    paint.paint(camera, chosen);
  });
}

function look(next) {
  camera = next;
  draw();
}

function size() {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
}

function fit() {
  look(fitted(map.bounds, canvas.clientWidth, canvas.clientHeight));
}

function choose(index, follow) {
  chosen = index;
  say(index);
  const here = new URL(location.href);
  here.hash = index < 0 ? "" : map.boxes.id[index];
  history.replaceState(null, "", here);
  if (follow && index >= 0) {
    const { x, y, width, height } = map.boxes;
    look(centred(camera, x[index] + width / 2, y[index] + height / 2, canvas.clientWidth, canvas.clientHeight));
  } else draw();
}

function zoom(factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
  look(zoomed(camera, factor, x, y));
}

const DOES = {
  in: () => zoom(1.4),
  out: () => zoom(1 / 1.4),
  fit,
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
  if (event.key.startsWith("Arrow")) choose(walked(map, chosen, event.key), true);
  else if (KEYS[event.key]) DOES[KEYS[event.key]]();
  else if (event.key === "Escape") choose(-1);
  else if (event.key === "Enter" && chosen >= 0) location.assign(hrefs(map.boxes.id[chosen], Boolean(map.boxes.members[chosen]))[0][1]);
  else return;
  event.preventDefault();
}

function listen() {
  const pointers = new Map();
  let travelled = 0;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, event);
    travelled = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const [dx, dy] = [event.offsetX - before.offsetX, event.offsetY - before.offsetY];
    const other = [...pointers.values()].find((each) => each.pointerId !== event.pointerId);
    if (other) {
      const apart = (each) => Math.hypot(each.offsetX - other.offsetX, each.offsetY - other.offsetY) || 1;
      zoom(apart(event) / apart(before), other.offsetX, other.offsetY);
    } else look(moved(camera, dx, dy));
    travelled += Math.abs(dx) + Math.abs(dy);
    pointers.set(event.pointerId, event);
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => pointers.delete(event.pointerId));
  canvas.addEventListener("click", (event) => {
    if (travelled > 5) return;
    const at = pointed(camera, event.offsetX, event.offsetY);
    choose(places.at(at.x, at.y));
  });
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && document.activeElement !== canvas) return; // a page one scrolls past
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 400), event.offsetX, event.offsetY);
  }, { passive: false });
  canvas.addEventListener("keydown", onKey);
  for (const button of document.querySelectorAll("[data-do]")) button.addEventListener("click", DOES[button.dataset.do]);
  new ResizeObserver(() => {
    size();
    draw();
  }).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    paint.recolour();
    draw();
  });
}

async function start() {
  const answer = await fetch(canvas.dataset.from);
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  map = decoded(await answer.json());
  places = grid(map.boxes);
  paint = painter(canvas, map, places);
  say = panel(place, map, choose, hrefs);
  size();
  camera = fitted(map.bounds, canvas.clientWidth, canvas.clientHeight);
  paint.paint(camera, chosen);
  listen();
  const wanted = map.boxes.id.indexOf(location.hash.slice(1));
  if (wanted >= 0) choose(wanted, true);
  else say(-1);
  canvas.dataset.drawn = String(Math.round(performance.now()));
}

start().catch((error) => {
  place.textContent = `The map could not be drawn (${error.message}). Load the page again; the lists say the same.`;
});
