// Says in words what is chosen: a box with each of its edges, or an arrow with what is known of the edges it stands for.

const SHOWN = 40;

// `links.box(id, isGroup)` are pairs of words and address, `links.edges(source, target, isGone)` the page of an arrow's edges.
export function panel(place, map, { chooseBox, chooseArrow }, links) {
  const { name, kind, members, verdict, change, id } = map.boxes;
  let asked = 0; // of answers that come late only the last counts

  function box(chosen) {
    asked += 1;
    if (chosen < 0) {
      place.replaceChildren(line("Choose a box or an arrow: click it, or use the arrow keys and E."));
      return;
    }
    const facts = [members[chosen] ? `${members[chosen]} resources, closed` : kind[chosen]];
    if (verdict[chosen]) facts.push(`in a loop: ${verdict[chosen]}`);
    if (change[chosen]) facts.push(change[chosen]);
    place.replaceChildren(title(isolated(name[chosen])), line(facts.join(" · ")),
      anchors(links.box(id[chosen], Boolean(members[chosen]))),
      list("Leads to", map.leaving[chosen], map.arrows.target), list("Led to by", map.arriving[chosen], map.arrows.source));
  }

  async function arrow(chosen) {
    const [from, to] = [map.arrows.source[chosen], map.arrows.target[chosen]];
    const ends = [from, to].map((end) => button(isolated(name[end]), () => chooseBox(end, true)));
    const details = document.createElement("div");
    const head = [title(isolated(name[from]), " → ", isolated(name[to])), line(said(chosen))];
    if (members[from] || members[to]) details.append(line("Open the group to see its edges."));
    place.replaceChildren(...head, details, line("Its ends: ", ends[0], " ", ends[1]));
    if (members[from] || members[to]) return;
    const page = links.edges(id[from], id[to], map.arrows.change[chosen] === "removed");
    details.append(anchors([["Evidence, filter, history and what if", page]]));
    asked += 1;
    const mine = asked;
    const answer = await fetch(page, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok || mine !== asked) return; // the link leads to the same
    const { edges } = await answer.json();
    for (const edge of edges.slice(0, SHOWN)) details.append(...told(edge));
  }

  function told(edge) {
    const parts = [line(edge.words)];
    const proofs = document.createElement("ul");
    for (const proof of edge.evidences) {
      const item = document.createElement("li");
      item.textContent = `${proof.kind}: ${proof.text}`;
      proofs.append(item);
    }
    parts.push(proofs);
    if (edge.filter) {
      const filter = document.createElement("pre");
      filter.textContent = edge.filter.pretty;
      parts.push(filter);
    }
    if (edge.tries.length) parts.push(anchors(edge.tries.map(({ words, href }) => [words, href])));
    return parts;
  }

  function list(words, some, ends) {
    const whole = document.createElement("div");
    if (some.length === 0) return whole;
    const head = document.createElement("h4");
    head.textContent = `${words} (${some.length})`;
    const items = document.createElement("ul");
    for (const i of some.slice(0, SHOWN)) {
      const item = document.createElement("li");
      const edge = button(said(i), () => chooseArrow(i, true));
      edge.setAttribute("aria-label", `The edge of ${name[ends[i]]}: ${said(i)}`);
      item.append(button(isolated(name[ends[i]]), () => chooseBox(ends[i], true)), " ", edge);
      items.append(item);
    }
    whole.append(head, items);
    if (some.length > SHOWN) whole.append(line(`and ${some.length - SHOWN} more, in the table below and its files`));
    return whole;
  }

  function said(i) {
    const { meaning, evidence, dormant, verdict: turns, change: since, count } = map.arrows;
    return [meaning[i], evidence[i], dormant[i] && "switched off", turns[i] && `in a loop: ${turns[i]}`,
      since[i], count[i] > 1 && `${count[i]} edges`].filter(Boolean).join(", ");
  }

  return { box, arrow };
}

function title(...parts) {
  const made = document.createElement("h3");
  made.append(...parts);
  return made;
}

function anchors(pairs) {
  const made = document.createElement("p");
  for (const [words, href] of pairs) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = words;
    made.append(link, " ");
  }
  return made;
}

function button(words, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet";
  made.append(words);
  made.addEventListener("click", press);
  return made;
}

function line(...parts) {
  const made = document.createElement("p");
  made.className = "facts";
  made.append(...parts);
  return made;
}

function isolated(name) {
  const made = document.createElement("bdi");
  made.textContent = name;
  return made;
}
