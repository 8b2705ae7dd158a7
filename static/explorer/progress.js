// Says in words how far each crawl is, and loads the page again once all have ended.

const section = document.querySelector("[data-progress]");
const EVERY = 2000; // milliseconds

async function look() {
  const answer = await fetch(section.dataset.progress, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { reading, accounts } = await answer.json();
  for (const { id, words } of accounts) {
    const line = section.querySelector(`[data-account="${CSS.escape(id)}"]`);
    if (line && line.textContent !== words) line.textContent = words;
  }
  if (!reading) location.reload();
}

for (const note of document.querySelectorAll("[data-without-script]")) note.hidden = true;
setInterval(() => look().catch(() => {}), EVERY);
