// The lines between boxes, by style, as few paths: one stroke per style whatever their number.

export const FAR = 0.25; // below this scale lines are straight and have no heads
const BACK = 60; // how far a line that leads back swings out at its ends
const UNDER = 38; // and its controls beneath: three quarters of it lie between two rows
const ROW = 56; // from box to box
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

// How a line bends: one that leads back in its own row goes under it, or boxes would hide it.
function arched(x1, y1, x2, y2) {
  if (x2 > x1) return { bend: Math.max((x2 - x1) / 2, 40), drop: 0 };
  return { bend: BACK, drop: Math.abs(y2 - y1) < ROW / 2 ? UNDER : 0 };
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
    const { bend, drop } = arched(x1, y1, x2, y2);
    context.bezierCurveTo(x1 + bend, y1 + drop, x2 - bend, y2 + drop, x2 - 7, y2);
    context.moveTo(x2 - 8, y2 - 4);
    context.lineTo(x2, y2);
    context.lineTo(x2 - 8, y2 + 4);
  }
  context.stroke();
}

// The arrow that passes nearest to (x, y), at most `reach` away; -1 for none.
export function arrowAt(map, x, y, reach, isStraight) {
  let [best, least] = [-1, reach];
  for (let i = 0; i < map.arrows.total; i++) {
    const [x1, y1, x2, y2] = ends(map.boxes, map.arrows, i);
    const { bend, drop } = isStraight ? { bend: 0, drop: 0 } : arched(x1, y1, x2, y2);
    if (x < Math.min(x1, x2) - bend - reach || x > Math.max(x1, x2) + bend + reach) continue;
    if (y < Math.min(y1, y2) - reach || y > Math.max(y1, y2) + drop + reach) continue;
    const far = apart(x, y, [x1, y1, x1 + bend, y1 + drop, x2 - bend, y2 + drop, x2, y2]);
    if (far < least) [best, least] = [i, far];
  }
  return best;
}

// How far a point is from a curve, as 24 short lines; `points` are start, two controls and end.
function apart(x, y, [x1, y1, cx1, cy1, cx2, cy2, x2, y2]) {
  let least = Infinity;
  let [fromX, fromY] = [x1, y1];
  for (let step = 1; step <= 24; step++) {
    const t = step / 24;
    const u = 1 - t;
    const toX = u * u * u * x1 + 3 * u * u * t * cx1 + 3 * u * t * t * cx2 + t * t * t * x2;
    const toY = u * u * u * y1 + 3 * u * u * t * cy1 + 3 * u * t * t * cy2 + t * t * t * y2;
    const long = (toX - fromX) ** 2 + (toY - fromY) ** 2 || 1;
    const along = Math.min(Math.max(((x - fromX) * (toX - fromX) + (y - fromY) * (toY - fromY)) / long, 0), 1);
    least = Math.min(least, Math.hypot(x - fromX - along * (toX - fromX), y - fromY - along * (toY - fromY)));
    [fromX, fromY] = [toX, toY];
  }
  return least;
}

export function sign(change) {
  return SIGNS[change] ?? "";
}
