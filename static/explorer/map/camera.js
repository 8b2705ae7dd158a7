// Where one looks: a scale and the map's point in the canvas's corner. Pure: each move is a new camera.

export const NEAREST = 2.5;
export const FARTHEST = 0.005;
export const LEGIBLE = 0.85; // from here on boxes hold their names in at least 11 pixels
const BESIDE = 0.5; // from here on names of that size have room beside one another

export function fitted(bounds, width, height, margin = 24) {
  const wide = Math.max(bounds.right - bounds.left, 1);
  const high = Math.max(bounds.bottom - bounds.top, 1);
  const scale = clamp(Math.min((width - 2 * margin) / wide, (height - 2 * margin) / high, 1.25));
  return {
    scale,
    x: bounds.left - (width / scale - wide) / 2,
    y: bounds.top - (height / scale - high) / 2,
  };
}

export function moved(camera, dx, dy) {
  return { ...camera, x: camera.x - dx / camera.scale, y: camera.y - dy / camera.scale };
}

// The point of the map under (x, y) stays there.
export function zoomed(camera, factor, x, y) {
  const scale = clamp(camera.scale * factor);
  const at = pointed(camera, x, y);
  return { scale, x: at.x - x / scale, y: at.y - y / scale };
}

export function pointed(camera, x, y) {
  return { x: camera.x + x / camera.scale, y: camera.y + y / camera.scale };
}

// Near enough to read, with (x, y) in the middle of the canvas.
export function centred(camera, x, y, width, height) {
  const scale = Math.max(camera.scale, LEGIBLE);
  return { scale, x: x - width / scale / 2, y: y - height / scale / 2 };
}

// The first look: everything where that can be read, else what it is about, or as much of it as can be read.
export function opening(map, width, height) {
  const whole = fitted(map.bounds, width, height);
  if (whole.scale >= BESIDE || map.focus.length === 0) return whole;
  const { x, y, width: wide, height: high } = map.boxes;
  const [left, top] = [x, y].map((column) => Math.min(...map.focus.map((i) => column[i])));
  const [right, bottom] = [Math.max(...map.focus.map((i) => x[i] + wide)), Math.max(...map.focus.map((i) => y[i] + high))];
  const near = fitted({ left, top, right, bottom }, width, height);
  if (near.scale >= LEGIBLE) return centred({ scale: 1 }, (left + right) / 2, (top + bottom) / 2, width, height);
  const [first] = map.focus;
  return centred({ scale: LEGIBLE }, x[first] + wide / 2, y[first] + high / 2, width, height);
}

function clamp(scale) {
  return Math.min(Math.max(scale, FARTHEST), NEAREST);
}
