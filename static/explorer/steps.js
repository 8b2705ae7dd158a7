// Steps through the hops of a loop: j and k (or the arrow keys while a hop has the focus).
// The current hop is in the URL (#hop-2), so a reload or a link to a colleague keeps it.

const cards = [...document.querySelectorAll(".hop-card")];
const arrows = [...document.querySelectorAll(".turn .hop")];

const STEPS = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

function current() {
  return cards.findIndex((card) => card.contains(document.activeElement));
}

function mark(number) {
  for (const arrow of arrows) {
    arrow.classList.toggle("current", arrow.dataset.hop === number);
  }
}

function go(index) {
  const card = cards[(index + cards.length) % cards.length];
  card.focus();
  history.replaceState(null, "", `#${card.id}`);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = STEPS[event.key];
  const at = current();
  const isArrow = event.key.startsWith("Arrow");
  if (!step || (isArrow && document.activeElement !== cards[at])) return;
  event.preventDefault();
  go(at < 0 ? (step > 0 ? 0 : -1) : at + step);
});

for (const card of cards) {
  card.addEventListener("focusin", () => mark(card.dataset.hop));
}

for (const arrow of arrows) {
  arrow.addEventListener("click", (event) => {
    event.preventDefault();
    go(Number(arrow.dataset.hop) - 1);
  });
}

for (const note of document.querySelectorAll("[data-with-script]")) note.hidden = false;

cards.find((card) => `#${card.id}` === location.hash)?.focus();
