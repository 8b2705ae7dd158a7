// Says in words what is chosen: the box, and each of its edges as a link one can follow.

const SHOWN = 40;

export function panel(place, map, choose, hrefs) {
  return function say(chosen) {
    if (chosen < 0) {
      place.replaceChildren(line("Choose a box: click it, or use the arrow keys."));
      return;
    }
    const { name, kind, members, verdict, change, id } = map.boxes;
    const title = document.createElement("h3");
    title.append(isolated(name[chosen]));
    const facts = [members[chosen] ? `${members[chosen]} resources, closed` : kind[chosen]];
    if (verdict[chosen]) facts.push(`in a loop: ${verdict[chosen]}`);
    if (change[chosen]) facts.push(change[chosen]);
    const links = document.createElement("p");
    for (const [words, href] of hrefs(id[chosen], Boolean(members[chosen]))) {
      const link = document.createElement("a");
      link.href = href;
      link.textContent = words;
      links.append(link, " ");
    }
    place.replaceChildren(title, line(facts.join(" · ")), links,
      list("Leads to", map.leaving[chosen], map.arrows.target), list("Led to by", map.arriving[chosen], map.arrows.source));
  };

  function list(words, some, ends) {
    const whole = document.createElement("div");
    if (some.length === 0) return whole;
    const head = document.createElement("h4");
    head.textContent = `${words} (${some.length})`;
    const items = document.createElement("ul");
    for (const i of some.slice(0, SHOWN)) {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet";
      button.append(isolated(map.boxes.name[ends[i]]));
      button.addEventListener("click", () => choose(ends[i], true));
      item.append(button, ` ${said(i)}`);
      items.append(item);
    }
    whole.append(head, items);
    if (some.length > SHOWN) whole.append(line(`and ${some.length - SHOWN} more, in the table below and its files`));
    return whole;
  }

  function said(i) {
    const { meaning, evidence, dormant, verdict, change, count } = map.arrows;
    return [meaning[i], evidence[i], dormant[i] && "switched off", verdict[i] && `in a loop: ${verdict[i]}`,
      change[i], count[i] > 1 && `${count[i]} edges`].filter(Boolean).join(", ");
  }
}

function line(words) {
  const made = document.createElement("p");
  made.className = "facts";
  made.textContent = words;
  return made;
}

function isolated(name) {
  const made = document.createElement("bdi");
  made.textContent = name;
  return made;
}
