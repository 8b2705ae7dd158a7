// Supposes, takes back and finds without loading the page anew: the same addresses, of which only
// the plan is exchanged. Without this file they are plain links and forms.

import { withButtons } from "./copy.js";
import { partOf } from "./in-place.js";

const said = document.getElementById("plan-said");
let asked = 0;

async function show(address, focus, isNew) {
  const mine = ++asked;
  const plan = document.getElementById("plan");
  plan.setAttribute("aria-busy", "true");
  said.textContent = "Working it out…";
  try {
    const found = await partOf(address, "plan");
    if (mine !== asked) return; // something newer was asked for meanwhile
    plan.replaceWith(found.part);
    document.title = found.title;
    if (isNew) history.pushState(null, "", found.address);
    said.textContent = found.part.dataset.said || document.title;
    withButtons(found.part);
    (focus && found.part.querySelector(focus) || found.part.querySelector("#outcome, #complaint"))?.focus();
  } catch {
    location.assign(address);
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-in-place]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const leads = new URL(link.href).searchParams;
  show(link.href, leads.has("edge") ? "#hears" : null, true);
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-in-place]");
  if (!form) return;
  event.preventDefault();
  const query = new URLSearchParams(new FormData(form));
  const field = ["q", "with"].find((name) => form.elements[name]?.type === "search");
  show(`${form.action}?${query}`, field && `[name="${field}"]`, true);
});

addEventListener("popstate", () => show(location.href, null, false));
