// Find, on every page of a workspace: a dialog with a combobox. Without it the link leads to a page.

import { asks, moved, said } from "./choice.js";

const WAIT = 120; // milliseconds after the last letter

const link = document.querySelector("[data-find]");
const dialog = document.getElementById("find");
const field = dialog.querySelector("input");
const list = dialog.querySelector("[role=listbox]");
const status = dialog.querySelector("[role=status]");
const onMap = Boolean(document.getElementById("map"));

let results = [];
let at = -1;
let timer = 0;
let asking = new AbortController();

function open() {
  if (dialog.open) return;
  dialog.showModal();
  field.select();
  if (field.value) ask();
}

function choose(next) {
  at = next;
  [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
  if (at < 0) field.removeAttribute("aria-activedescendant");
  else {
    field.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  }
}

// From the map one stays on the map; Shift leads to the other of the two.
function go(index, other) {
  const found = results[index];
  if (found) location.assign(onMap !== other ? found.map : found.page);
}

function option({ title, detail }, i) {
  const item = document.createElement("li");
  item.id = `found-${i}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  const name = document.createElement("bdi");
  name.textContent = title;
  const more = document.createElement("span");
  more.textContent = detail;
  item.append(name, more);
  item.addEventListener("click", (event) => go(i, event.shiftKey));
  return item;
}

function show(answer) {
  results = answer.results;
  list.replaceChildren(...results.map(option));
  field.setAttribute("aria-expanded", String(results.length > 0));
  status.textContent = said(answer, field.value);
  choose(results.length ? 0 : -1);
}

async function ask() {
  asking.abort();
  asking = new AbortController();
  const address = `${link.dataset.find}?${new URLSearchParams({ q: field.value })}`;
  try {
    const answer = await fetch(address, { signal: asking.signal });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    show(await answer.json());
  } catch (error) {
    if (error.name !== "AbortError") status.textContent = `The search did not work (${error.message}).`;
  }
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT);
});

field.addEventListener("keydown", (event) => {
  if (event.key === "Enter") {
    event.preventDefault();
    go(Math.max(at, 0), event.shiftKey);
    return;
  }
  if (["Home", "End"].includes(event.key) && field.value) return; // they move in the text
  const next = moved(at, results.length, event.key);
  if (next === at) return;
  event.preventDefault();
  choose(next);
});

dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close(); // beside it
});

link.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open();
});

document.addEventListener("keydown", (event) => {
  const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName);
  if (!asks(event, isTyping)) return;
  event.preventDefault();
  open();
});
