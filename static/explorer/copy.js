// Puts a copy button beside everything marked `data-copy`; without a clipboard, nothing.

function button(source) {
  const text = source.textContent;
  const made = document.createElement("button");
  made.type = "button";
  made.className = "copy";
  made.textContent = "Copy";
  made.setAttribute("aria-label", `Copy ${text.length > 60 ? "this text" : text}`);
  made.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    made.textContent = "Copied";
    setTimeout(() => { made.textContent = "Copy"; }, 1500);
  });
  return made;
}

export function withButtons(root) {
  if (!navigator.clipboard) return;
  for (const source of root.querySelectorAll("[data-copy]")) source.after(button(source));
}

withButtons(document);
