// Tries a cut where it stands: what becomes of the loops is shown below it, and of this loop on top.
// Without this file each is a link to the page that says the same.

import { partOf } from "./in-place.js";

const headline = document.getElementById("tried");

async function trial(link) {
  for (const earlier of document.querySelectorAll(".try .outcome")) earlier.remove();
  headline.textContent = "Trying it…";
  const { part } = await partOf(link.href, "outcome");
  const own = part.querySelector(".this-loop p");
  headline.replaceChildren(own.cloneNode(true));
  part.querySelector(".back-to")?.remove();
  const whole = document.createElement("a");
  whole.href = link.href;
  whole.textContent = "Open as what-if: share it, keep it, suppose more";
  const line = document.createElement("p");
  line.append(whole);
  part.append(line);
  link.closest(".try").append(part);
  part.focus();
}

for (const link of document.querySelectorAll("a[data-try]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    trial(link).catch(() => location.assign(link.href));
  });
}
