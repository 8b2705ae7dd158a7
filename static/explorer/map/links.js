// Where a chosen box or arrow leads: addresses that keep the filters and the readings of this one.

const KEPT = ["group", "service", "meaning", "evidence", "moment", "against"];
const NOBODY = "000000000000"; // stands for an id in the addresses that the page gives

export function boxLinks(here, pages, id, isGroup) {
  if (isGroup) {
    const opened = new URLSearchParams(here.search);
    opened.append("open", id);
    return [["Open this group", `?${opened}`]];
  }
  const asked = new URLSearchParams(here.search);
  const kept = Object.fromEntries(KEPT.filter((name) => asked.get(name)).map((name) => [name, asked.get(name)]));
  const to = (more) => `?${new URLSearchParams({ ...kept, ...more })}`;
  const at = asked.get("at");
  return [
    ["Start here", to({ at: id })],
    ["Page of the resource", pages.resource.replace(NOBODY, id)],
    ["Blast radius", to({ at: id, way: "down", steps: 4 })],
    ["What if…", `${pages.whatIf}?${new URLSearchParams({ at: id })}`],
    ...(at && at !== id ? [["Ways from the start to here", to({ from: at, to: id })]] : []),
  ];
}

// The page of the edges from one resource to another, of the reading that has them.
export function edgesLink(here, pages, source, target, isGone) {
  const moment = new URLSearchParams(here.search).get(isGone ? "against" : "moment");
  return pages.edges.replace(NOBODY, source).replace(NOBODY, target) + (moment ? `?${new URLSearchParams({ moment })}` : "");
}
