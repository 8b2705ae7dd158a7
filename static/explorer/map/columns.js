// Reads loopscope.map/1: columns of numbers, texts interned, arrows by the numbers of their boxes.

export function decoded(data) {
  const text = (column) => column.map((number) => data.strings[number]);
  const [width, height] = data.box;
  const boxes = { ...data.boxes, count: data.boxes.id.length, width, height };
  for (const name of ["name", "kind", "verdict", "change"]) boxes[name] = text(data.boxes[name]);
  const arrows = { ...data.arrows, total: data.arrows.source.length };
  for (const name of ["meaning", "evidence", "verdict", "change"]) arrows[name] = text(data.arrows[name]);
  const leaving = Array.from({ length: boxes.count }, () => []);
  const arriving = Array.from({ length: boxes.count }, () => []);
  for (let each = 0; each < arrows.total; each++) {
    leaving[arrows.source[each]].push(each);
    arriving[arrows.target[each]].push(each);
  }
  return { boxes, arrows, leaving, arriving, frames: data.frames, focus: data.focus, bounds: bounds(boxes, data.frames) };
}

function bounds(boxes, frames) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const add = (x, y, width, height) => {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  };
  for (let i = 0; i < boxes.count; i++) add(boxes.x[i], boxes.y[i], boxes.width, boxes.height);
  for (const [, x, y, width, height] of frames) add(x, y, width, height);
  return { left, top, right, bottom };
}
