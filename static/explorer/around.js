// Draws what is next to a loop, once the page stands: of a large moment that takes a while.

const place = document.querySelector("[data-around]");
const says = document.querySelector("[data-around-says]");

async function draw() {
  says.textContent = "Drawing what is next to the loop…";
  const answer = await fetch(place.dataset.around);
  if (answer.status === 204) {
    says.textContent = "Nothing that was read is next to it.";
    return;
  }
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  const drawn = new DOMParser().parseFromString(await answer.text(), "image/svg+xml");
  place.replaceChildren(document.importNode(drawn.documentElement, true));
  says.textContent = "The same loop, with what is next to it faded. Each box leads to its page.";
}

draw().catch((error) => {
  says.textContent = `What is next to it could not be drawn (${error.message}).`;
});
