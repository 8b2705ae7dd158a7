// A worker that draws sheets of the map, so that no drawing holds the page up: the map comes once, then a look at a time.

import { decoded } from "./columns.js";
import { grid } from "./grid.js";
import { painter } from "./paint.js";

let paint;

self.addEventListener("message", ({ data }) => {
  if (data.map) {
    const map = decoded(data.map);
    paint = painter(map, grid(map.boxes));
    return;
  }
  const paper = new OffscreenCanvas(Math.round(data.width * data.ratio), Math.round(data.height * data.ratio));
  paint(paper.getContext("2d", { alpha: false }), data);
  const picture = paper.transferToImageBitmap();
  self.postMessage({ ...data, picture }, [picture]);
});
