// Draws what is in sight, in as much detail as can be seen: boxes with text near, plain ones far.

import { sign, styles, trace } from "./paths.js";

const DASHES = { solid: [], dashed: [7, 4], dotted: [2, 4] };
const READABLE = 0.45;
const OUTLINED = 0.12;

export function painter(canvas, map, places) {
  const context = canvas.getContext("2d", { alpha: false });
  const byStyle = styles(map.arrows);
  const texts = new Map();
  let colours = palette(canvas);

  function paint(camera, chosen) {
    const ratio = canvas.width / canvas.clientWidth;
    const { scale, x, y } = camera;
    const view = { left: x, top: y, right: x + canvas.clientWidth / scale, bottom: y + canvas.clientHeight / scale };
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = colours.page;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.setTransform(ratio * scale, 0, 0, ratio * scale, -x * ratio * scale, -y * ratio * scale);
    frames(view, scale);
    for (const [style, some] of byStyle) lines(style, some, view, scale);
    const seen = places.within(view.left, view.top, view.right, view.bottom);
    if (scale < OUTLINED) specks(seen);
    else for (const i of seen) box(i, scale);
    if (chosen >= 0) ring(chosen, scale);
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

  function frames(view, scale) {
    context.lineWidth = 1 / scale;
    const size = Math.min(Math.max(13, 11 / scale), 60);
    context.font = `600 ${size}px ${colours.font}`;
    for (const [title, left, top, width, height] of map.frames) {
      if (left > view.right || left + width < view.left || top > view.bottom || top + height < view.top) continue;
      context.fillStyle = colours.raised;
      context.strokeStyle = colours.border;
      context.fillRect(left, top, width, height);
      context.strokeRect(left, top, width, height);
      if (width * scale < 60) continue;
      context.fillStyle = colours.muted;
      context.fillText(shortened(title, width - 20, size), left + 10, top + Math.max(18, size));
    }
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

  function ring(i, scale) {
    const { x, y, width, height } = map.boxes;
    context.strokeStyle = colours.link;
    context.lineWidth = Math.max(3, 2 / scale);
    context.strokeRect(x[i] - 4, y[i] - 4, width + 8, height + 8);
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

  return { paint, recolour: () => { colours = palette(canvas); } };
}

function palette(canvas) {
  const style = getComputedStyle(canvas);
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    page: of("page"), surface: of("surface"), raised: of("raised"), border: of("line"), edge: of("strong-line"),
    text: of("text"), muted: of("muted"), link: of("link"), loop: of("live"), line: of("muted"),
    pale: of("strong-line"), added: of("clear"), removed: of("guarded"), changed: of("possible"),
    font: style.fontFamily,
  };
}
