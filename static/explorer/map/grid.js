// Finds boxes by place: a grid of cells, so that neither a look nor a click asks every box.

const CELL = 512;

export function grid(boxes) {
  const cells = new Map();
  for (let i = 0; i < boxes.count; i++) {
    each(boxes.x[i], boxes.y[i], boxes.x[i] + boxes.width, boxes.y[i] + boxes.height, (key) => {
      if (!cells.has(key)) cells.set(key, []);
      cells.get(key).push(i);
    });
  }

  function within(left, top, right, bottom) {
    if (((right - left) / CELL) * ((bottom - top) / CELL) > cells.size) {
      return Array.from({ length: boxes.count }, (_, i) => i).filter(
        (i) => boxes.x[i] + boxes.width >= left && boxes.x[i] <= right
          && boxes.y[i] + boxes.height >= top && boxes.y[i] <= bottom,
      );
    }
    const found = new Set();
    each(left, top, right, bottom, (key) => {
      for (const i of cells.get(key) ?? []) found.add(i);
    });
    return [...found].sort((a, b) => a - b);
  }

  function at(x, y) {
    const near = cells.get(`${Math.floor(x / CELL)},${Math.floor(y / CELL)}`) ?? [];
    return near.find((i) => x >= boxes.x[i] && x <= boxes.x[i] + boxes.width
      && y >= boxes.y[i] && y <= boxes.y[i] + boxes.height) ?? -1;
  }

  return { within, at };
}

function each(left, top, right, bottom, visit) {
  for (let x = Math.floor(left / CELL); x <= Math.floor(right / CELL); x++) {
    for (let y = Math.floor(top / CELL); y <= Math.floor(bottom / CELL); y++) visit(`${x},${y}`);
  }
}
