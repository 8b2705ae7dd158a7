// Which of some results is chosen, and where a key leads. Pure.

const MOVES = { ArrowDown: 1, ArrowUp: -1 };

// The next choice after a key; -1 is none. Round and round, as lists of a combobox go.
export function moved(at, count, key) {
  if (count === 0) return -1;
  if (key === "Home" || key === "PageUp") return 0;
  if (key === "End" || key === "PageDown") return count - 1;
  if (!(key in MOVES)) return at;
  return at < 0 ? (MOVES[key] > 0 ? 0 : count - 1) : (at + MOVES[key] + count) % count;
}

// Whether a key asks for the search: Ctrl-K, ⌘K, or a slash where nobody is typing.
export function asks({ key, ctrlKey, metaKey, altKey }, isTyping) {
  if (altKey) return false;
  if (key.toLowerCase() === "k") return ctrlKey !== metaKey;
  return key === "/" && !ctrlKey && !metaKey && !isTyping;
}

// What is said to somebody who does not see the list.
export function said(answer, words) {
  if (!words.trim()) return "";
  const { results, more, is_read: isRead } = answer;
  if (!isRead) return "Nothing has been read in this workspace yet.";
  if (results.length === 0) return "Nothing that was read has that name, ARN or tag.";
  const found = `${results.length} found`;
  return more ? `${found}, ${more} more: say more of the name.` : `${found}.`;
}
