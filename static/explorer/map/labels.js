// Which names are written where boxes are too small to hold them: what matters most first, none over another.

const SIZE = 11; // CSS pixels of a name, however far one looks from
const GAP = 4;
const CELL = 64;

// Boxes by what they matter: in a loop, then groups by their size, then by how many arrows meet there.
export function ranked(map) {
  const { verdict, members, count } = map.boxes;
  const weight = Array.from({ length: count }, (_, i) => (verdict[i] ? 1e9 : 0) + members[i] * 1000
    + map.leaving[i].length + map.arriving[i].length);
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => weight[b] - weight[a] || a - b);
  const rank = new Uint32Array(count);
  order.forEach((i, place) => { rank[i] = place; });
  return rank;
}

// Of `wished` {x, y, width} in CSS pixels, by rank: those for which there is room, in that order.
export function placed(wished) {
  const taken = new Map();
  return wished.filter((label) => {
    const room = { left: label.x - GAP, right: label.x + label.width + GAP, top: label.y - SIZE, bottom: label.y + GAP };
    const cells = [];
    for (let x = Math.floor(room.left / CELL); x <= Math.floor(room.right / CELL); x++) {
      for (let y = Math.floor(room.top / CELL); y <= Math.floor(room.bottom / CELL); y++) cells.push(`${x},${y}`);
    }
    const isTaken = cells.some((cell) => taken.get(cell)?.some((other) => room.left < other.right
      && room.right > other.left && room.top < other.bottom && room.bottom > other.top));
    if (isTaken) return false;
    for (const cell of cells) taken.set(cell, [...(taken.get(cell) ?? []), room]);
    return true;
  });
}
