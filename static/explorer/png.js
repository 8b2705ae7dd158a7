// Makes the PNG of a picture in the browser, from its SVG, so that no server has to be able to.

const SCALE = 2; // pixels of the picture to one of the drawing: sharp on any screen
const MOST = 12_000_000; // pixels; beyond that it is made smaller

async function picture(address) {
  const drawing = new Image();
  drawing.src = address;
  await drawing.decode();
  const { naturalWidth: width, naturalHeight: height } = drawing;
  const scale = Math.min(SCALE, Math.sqrt(MOST / (width * height)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d").drawImage(drawing, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => { canvas.toBlob(done, "image/png"); });
}

for (const button of document.querySelectorAll("[data-png]")) {
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    const { form } = button;
    const address = form ? `${button.dataset.png}?${new URLSearchParams(new FormData(form))}` : button.dataset.png;
    const link = document.createElement("a");
    try {
      link.href = URL.createObjectURL(await picture(address));
    } catch {
      location.assign(form ? button.formAction : address); // the server says what is wrong
      return;
    }
    link.download = "loopscope.png";
    link.click();
    URL.revokeObjectURL(link.href);
  });
}
