// Draws what is in sight, in as much detail as can be seen: boxes with text near, plain ones with the names that fit far.

import { placed, ranked } from "./labels.js";
import { sign, styles, trace } from "./paths.js";

const DASHES = { solid: [], dashed: [7, 4], dotted: [2, 4] };
export const READABLE = 0.8; // from here on a box holds its own text in at least 10 pixels
const OUTLINED = 0.12;
const SMALL = 11; // CSS pixels of a name that no box holds
const ROOM = [90, 140]; // CSS pixels it may take at least and at most; between them what leaves room for the next column
const PITCH = 1.4; // widths of a box to the next column
const WISHED = 1500; // names for which room is looked for

export function painter(map, places) {
  const byStyle = styles(map.arrows);
  const rank = ranked(map);
  const texts = new Map();
  let context;
  let colours;

  // A look: the corner, the size in CSS pixels, the scale of its camera, and colours.
  function paint(on, { left, top, width, height, ratio, camera, colours: given }) {
    const { scale } = camera;
    [context, colours] = [on, given];
    const view = { left, top, right: left + width / scale, bottom: top + height / scale };
    context.fillStyle = colours.page;
    context.fillRect(0, 0, width * ratio, height * ratio);
    context.setTransform(ratio * scale, 0, 0, ratio * scale, -left * ratio * scale, -top * ratio * scale);
    const titles = frames(view, scale);
    for (const [style, some] of byStyle) lines(style, some, view, scale);
    const seen = places.within(view.left, view.top, view.right, view.bottom);
    if (scale < OUTLINED) specks(seen);
    else for (const i of seen) box(i, scale);
    if (scale >= READABLE) return;
    context.setTransform(ratio, 0, 0, ratio, -left * ratio * scale, -top * ratio * scale);
    const some = wished(seen, scale);
    const inLoops = some.filter((label) => label.colour === "loop");
    names([...inLoops, ...titles, ...some.filter((label) => label.colour !== "loop")], scale);
  }

  function lines(style, some, view, scale) {
    const [colour, dash] = style.split(" ");
    const heavy = colour === "loop" || sign(colour);
    context.strokeStyle = colours[colour];
    context.lineWidth = Math.max(heavy ? 2.5 : colour === "pale" ? 0.8 : 1.2, (heavy ? 1.6 : 0.5) / scale);
    context.setLineDash(scale < 0.25 ? [] : DASHES[dash]);
    trace(context, map.boxes, map.arrows, some, view, scale);
    context.setLineDash([]);
  }

  // Returns the titles, to be written over everything where they would be too small to read.
  function frames(view, scale) {
    const titles = [];
    context.lineWidth = 1 / scale;
    context.font = `600 13px ${colours.font}`;
    for (const [title, left, top, width, height] of map.frames) {
      if (left > view.right || left + width < view.left || top > view.bottom || top + height < view.top) continue;
      context.fillStyle = colours.raised;
      context.strokeStyle = colours.border;
      context.fillRect(left, top, width, height);
      context.strokeRect(left, top, width, height);
      context.fillStyle = colours.muted;
      if (scale >= READABLE) context.fillText(shortened(title, width - 20, 13), left + 10, top + 18);
      else if (width * scale > 40) titles.push({ text: title, x: left, y: top, drop: 13, room: width * scale - 8, colour: "muted" });
    }
    return titles.sort((a, b) => b.room - a.room);
  }

  function specks(seen) {
    const { x, y, width, height, verdict } = map.boxes;
    for (const inLoop of [false, true]) {
      context.fillStyle = inLoop ? colours.loop : colours.line;
      context.beginPath();
      for (const i of seen) if (Boolean(verdict[i]) === inLoop) context.rect(x[i], y[i], width, height);
      context.fill();
    }
  }

  function box(i, scale) {
    const { x, y, width, height, name, kind, verdict, change, members } = map.boxes;
    context.fillStyle = colours.surface;
    context.strokeStyle = change[i] ? colours[change[i]] : verdict[i] ? colours.loop : colours.edge;
    context.lineWidth = verdict[i] || change[i] ? 2 : 1;
    context.fillRect(x[i], y[i], width, height);
    context.strokeRect(x[i], y[i], width, height);
    if (members[i]) context.strokeRect(x[i] + 3, y[i] + 3, width - 6, height - 6);
    if (scale < READABLE) return;
    context.fillStyle = colours.text;
    context.font = `600 13px ${colours.font}`;
    context.fillText(shortened(sign(change[i]) + name[i], width - 18, 13), x[i] + 9, y[i] + 17);
    context.fillStyle = colours.muted;
    context.font = `11px ${colours.font}`;
    const below = members[i] ? `${members[i]} resources` : kind[i];
    context.fillText(shortened(verdict[i] ? `${below} · ${verdict[i]}` : below, width - 18, 11), x[i] + 9, y[i] + 32);
  }

  function wished(seen, scale) {
    const { x, y, width, height, name, change, verdict } = map.boxes;
    const room = Math.min(Math.max(PITCH * width * scale, ROOM[0]), ROOM[1]);
    return [...seen].sort((a, b) => rank[a] - rank[b]).slice(0, WISHED).map((i) => ({
      text: sign(change[i]) + name[i], x: x[i], y: y[i] + height / 2, drop: SMALL / 3, room,
      colour: verdict[i] ? "loop" : "text",
    }));
  }

  // In pixels, each on a ground of its own, since lines and boxes run beneath.
  function names(some, scale) {
    context.font = `600 ${SMALL}px ${colours.font}`;
    const measured = some.map((label) => {
      const text = shortened(label.text, label.room, SMALL);
      return { ...label, text, x: label.x * scale + 4, y: label.y * scale + label.drop, width: context.measureText(text).width };
    });
    for (const { text, x, y, width, colour } of placed(measured)) {
      context.fillStyle = colours.surface;
      context.globalAlpha = 0.85;
      context.fillRect(x - 2, y - SMALL + 1, width + 4, SMALL + 3);
      context.globalAlpha = 1;
      context.fillStyle = colours[colour];
      context.fillText(text, x, y);
    }
  }

  // Measured once a text; the middle goes, since names differ at their ends.
  function shortened(text, room, size) {
    const key = `${size} ${room} ${text}`;
    if (texts.has(key)) return texts.get(key);
    if (texts.size > 5000) texts.clear();
    const letters = [...text.slice(0, 400)];
    let kept = letters.length;
    let made = text.slice(0, 400);
    while (kept > 3 && context.measureText(made).width > room) {
      kept = Math.min(kept - 1, Math.ceil(kept * Math.max(room / context.measureText(made).width, 0.3)));
      made = `${letters.slice(0, Math.ceil(kept / 2)).join("")}…${letters.slice(letters.length - Math.floor(kept / 2)).join("")}`;
    }
    texts.set(key, made);
    return made;
  }

  return paint;
}
