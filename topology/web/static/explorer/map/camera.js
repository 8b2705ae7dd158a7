// Where one looks: a scale and the map's point in the canvas's corner. Pure: each move is a new camera.

export const NEAREST = 2.5;
export const FARTHEST = 0.005;

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
  const scale = Math.max(camera.scale, 0.7);
  return { scale, x: x - width / scale / 2, y: y - height / scale / 2 };
}

function clamp(scale) {
  return Math.min(Math.max(scale, FARTHEST), NEAREST);
}
