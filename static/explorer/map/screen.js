// What is on the screen: a sheet larger than the window, moved under it until it no longer fits; a worker draws the next.

export const MARGIN = 320; // CSS pixels of a sheet beyond each side of the window

// Whether another sheet is needed: another scale, size or colours, or the window nears an edge of this one.
export function isSpent(sheet, wanted) {
  if (!sheet || ["edition", "across", "down", "ratio"].some((name) => sheet[name] !== wanted[name])) return true;
  const { camera } = wanted;
  const away = Math.max(Math.abs(sheet.camera.x - camera.x), Math.abs(sheet.camera.y - camera.y)) * camera.scale;
  return sheet.camera.scale !== camera.scale || away > MARGIN / 2;
}

// Where a sheet lies in the window, in its pixels. Unless it is scaled it lies on whole ones, or it would blur.
export function laid(sheet, camera) {
  const scale = camera.scale / sheet.camera.scale;
  const at = (axis) => ((sheet.camera[axis] - camera[axis]) * camera.scale - MARGIN * scale) * sheet.ratio;
  const [x, y] = [at("x"), at("y")];
  return scale === 1 ? { x: Math.round(x), y: Math.round(y), scale } : { x, y, scale };
}

// `over(context, camera, colours)` draws, in the map's units, what changes more often than the map does.
export function screen(canvas, worker, sent, over) {
  const context = canvas.getContext("2d", { alpha: false });
  let edition = 0;
  let colours = palette(canvas);
  let camera;
  let sheet;
  let isBusy = false;
  let isAsked = false;

  const drawn = new Promise((done, failed) => {
    worker.addEventListener("error", () => {
      isBusy = false; // the next look tries again
      failed(new Error("its worker failed"));
    });
    worker.addEventListener("message", ({ data }) => {
      sheet?.picture.close();
      sheet = data;
      isBusy = false;
      draw();
      done();
    });
  });
  worker.postMessage({ map: sent });

  function show(next) {
    camera = next;
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(draw);
  }

  function draw() {
    isAsked = false;
    const [across, down, ratio] = [canvas.clientWidth, canvas.clientHeight, Math.min(devicePixelRatio || 1, 2)];
    const wanted = { camera, edition, across, down, ratio };
    if (!isBusy && isSpent(sheet, wanted)) {
      isBusy = true;
      worker.postMessage({ ...wanted, colours, ...around(wanted) });
    }
    const [width, height] = [Math.round(across * ratio), Math.round(down * ratio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = colours.page;
    context.fillRect(0, 0, width, height);
    if (!sheet) return;
    const { x, y, scale } = laid(sheet, camera);
    context.drawImage(sheet.picture, x, y, sheet.picture.width * scale, sheet.picture.height * scale);
    const zoom = ratio * camera.scale;
    context.setTransform(zoom, 0, 0, zoom, -camera.x * zoom, -camera.y * zoom);
    over(context, camera, colours);
  }

  function recolour() {
    colours = palette(canvas);
    edition += 1;
    show(camera);
  }

  return { show, recolour, drawn };
}

function around({ camera, across, down }) {
  const { x, y, scale } = camera;
  return { left: x - MARGIN / scale, top: y - MARGIN / scale, width: across + 2 * MARGIN, height: down + 2 * MARGIN };
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
