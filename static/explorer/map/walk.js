// Where an arrow key leads: right along what leaves, left along what arrives, up and down the column.

export function walked(map, from, key) {
  if (map.boxes.count === 0) return -1;
  if (from < 0) return 0;
  if (key === "ArrowRight") return nearest(map, from, map.leaving[from].map((i) => map.arrows.target[i]));
  if (key === "ArrowLeft") return nearest(map, from, map.arriving[from].map((i) => map.arrows.source[i]));
  const { x, y, count } = map.boxes;
  const down = key === "ArrowDown" ? 1 : -1;
  let best = from;
  let least = Infinity;
  for (let i = 0; i < count; i++) {
    const along = (y[i] - y[from]) * down;
    if (i === from || along <= 0) continue;
    const far = along + 3 * Math.abs(x[i] - x[from]);
    if (far < least) [best, least] = [i, far];
  }
  return best;
}

function nearest(map, from, others) {
  const { y } = map.boxes;
  const far = (i) => Math.abs(y[i] - y[from]);
  return others.filter((i) => i !== from).reduce((best, i) => (best === from || far(i) < far(best) ? i : best), from);
}

// The arrow after `now` of those that meet at a box, round and round; -1 where none does.
export function arrowAfter(map, box, now) {
  const all = [...map.leaving[box], ...map.arriving[box]];
  return all.length ? all[(all.indexOf(now) + 1) % all.length] : -1;
}
