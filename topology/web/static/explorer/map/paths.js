// The lines between boxes, by style, as few paths: one stroke per style whatever their number.

const FAR = 0.25; // below this scale lines are straight and have no heads
const HEARSAY = new Set(["permitted", "permitted-any"]);
const SIGNS = { added: "+", removed: "−", changed: "~" };

export function styleOf(arrows, i) {
  const colour = arrows.change[i] || (arrows.verdict[i] ? "loop" : HEARSAY.has(arrows.evidence[i]) ? "pale" : "line");
  const dash = arrows.dormant[i] ? "dotted" : arrows.meaning[i] === "on-failure" ? "dashed" : "solid";
  return `${colour} ${dash}`;
}

// Loops come last, so that nothing lies over them.
export function styles(arrows) {
  const found = new Map();
  for (let i = 0; i < arrows.total; i++) {
    const style = styleOf(arrows, i);
    if (!found.has(style)) found.set(style, []);
    found.get(style).push(i);
  }
  return [...found].sort(([a], [b]) => a.startsWith("loop") - b.startsWith("loop") || (a < b ? -1 : 1));
}

export function ends(boxes, arrows, i) {
  const [from, to] = [arrows.source[i], arrows.target[i]];
  const half = boxes.height / 2;
  return [boxes.x[from] + boxes.width, boxes.y[from] + half, boxes.x[to], boxes.y[to] + half];
}

export function trace(context, boxes, arrows, some, view, scale) {
  const tiny = 1.5 / scale;
  context.beginPath();
  for (const i of some) {
    const [x1, y1, x2, y2] = ends(boxes, arrows, i);
    if (Math.max(x1, x2) < view.left || Math.min(x1, x2) > view.right) continue;
    if (Math.max(y1, y2) < view.top || Math.min(y1, y2) > view.bottom) continue;
    if (Math.abs(x2 - x1) < tiny && Math.abs(y2 - y1) < tiny) continue;
    context.moveTo(x1, y1);
    if (scale < FAR) {
      context.lineTo(x2, y2);
      continue;
    }
    const bend = Math.max(Math.abs(x2 - x1) / 2, 40);
    context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2 - 7, y2);
    context.moveTo(x2 - 8, y2 - 4);
    context.lineTo(x2, y2);
    context.lineTo(x2 - 8, y2 + 4);
  }
  context.stroke();
}

export function sign(change) {
  return SIGNS[change] ?? "";
}
