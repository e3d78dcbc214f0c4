// The list of events: filtered, newest first, as many as one scrolls to.
import { ask, query } from "./api.js";
import { empty, fill, h, problem } from "./dom.js";
import { listen } from "./news.js";
import { KINDS, clock, day, group, lasting, percent, words } from "./words.js";

const PAGE = 60;

export async function show(place, { search }) {
  const cameras = await ask("cameras");
  const filter = Object.fromEntries(["camera", "kind", "label", "from", "to"].map((key) => [key, search.get(key) ?? ""]));
  const list = h("ul", { class: "events", "aria-label": "Events" });
  const foot = h("div", { class: "state", "aria-live": "polite" });
  const choose = (key, options, title) => h("label", {}, title, h("select", {
    "aria-label": title, onchange: (event) => { filter[key] = event.target.value; remember(); load(true); } },
    options.map(([value, text]) => h("option", { value, selected: value === filter[key] }, text))));
  const names = [...new Set(cameras.map((camera) => camera.name))];
  const span = filter.from || filter.to
    ? h("button", { onclick: () => { filter.from = filter.to = ""; remember(); location.reload(); } }, `${filter.from ? `${day(filter.from)} ${clock(filter.from)}` : "…"} to ${filter.to ? clock(filter.to) : "now"} ✕`)
    : null;
  fill(place, h("h1", {}, "Events"), h("div", { class: "row" },
    choose("camera", [["", "all cameras"], ...names.map((name) => [name, name])], "Camera"),
    choose("kind", [["", "all kinds"], ...KINDS.map((kind) => [kind, words(kind)])], "Kind"),
    choose("label", [["", "all"], ["none", "not labelled"], ["true", "true alarms"], ["false", "false alarms"]], "Label"), span),
  h("p", { class: "soft small keys" }, "Arrow keys move, Enter opens."), list, foot);

  let next = null, busy = false, turn = 0, lastDay = null;
  const remember = () => history.replaceState(null, "", `#/events${query(filter)}`);

  async function load(anew) {
    if (busy && !anew) return;
    busy = true;
    const mine = (turn += 1);
    if (anew) { fill(list, ); next = null; lastDay = null; }
    foot.textContent = "Loading …";
    try {
      const page = await ask(`events${query({ ...filter, limit: PAGE, before: next })}`);
      if (mine !== turn) return;
      for (const event of page.events) list.append(...entries(event));
      next = page.next;
      fill(foot, !list.children.length ? empty("No event is like that.", h("p", {}, filter.camera || filter.kind || filter.label || filter.from ? "Take a filter away." : "Events appear here as soon as monitor watch, or monitor scan with --journal, has found one."))
        : next ? h("button", { onclick: () => load(false) }, "More") : "That is all.");
    } catch (error) {
      if (mine === turn) fill(foot, problem(error, () => load(anew)));
    } finally {
      if (mine === turn) busy = false;
    }
  }

  function entries(event) {
    const today = day(event.at), isFirst = today !== lastDay;
    lastDay = today;
    return [isFirst && heading(today), line(event)].filter(Boolean);
  }

  const heading = (today) => h("li", {}, h("h2", {}, today));
  const line = (event) => h("li", { "data-id": event.id, "data-at": String(Date.parse(event.at)), "data-day": day(event.at) }, card(event));

  /** Show what is new in its place, and what has changed where it stands. */
  function take(event) {
    const at = Date.parse(event.at), lines = [...list.querySelectorAll("li[data-id]")], known = lines.find((each) => each.dataset.id === event.id);
    if (known) {
      const isChosen = known.contains(document.activeElement);
      known.replaceChildren(card(event));
      if (isChosen) known.firstChild.focus();
      return;
    }
    if (!fits(event, at)) return;
    const number = lines.findIndex((each) => Number(each.dataset.at) < at), below = lines[number], above = lines[number - 1], today = day(event.at);
    if (!below) { if (!lines.length) load(true); return; }
    if (below.dataset.day === today) below.before(line(event));
    else below.previousElementSibling.before(...[above?.dataset.day !== today && heading(today), line(event)].filter(Boolean));
  }

  function fits(event, at) {
    const label = { "": true, none: event.label === null, true: event.label === true, false: event.label === false }[filter.label];
    return label && (!filter.camera || event.source === filter.camera) && (!filter.kind || event.kind === filter.kind)
      && (!filter.from || at >= Date.parse(filter.from)) && (!filter.to || at < Date.parse(filter.to));
  }

  const seen = new IntersectionObserver((found) => { if (found.some((one) => one.isIntersecting) && next) load(false); }, { rootMargin: "600px" });
  seen.observe(foot);
  const keys = (event) => {
    if (!["ArrowDown", "ArrowUp", "j", "k"].includes(event.key) || event.target.matches("select, input, textarea")) return;
    const all = [...list.querySelectorAll("a.event")];
    const at = all.indexOf(document.activeElement) + (["ArrowDown", "j"].includes(event.key) ? 1 : -1);
    all[Math.max(0, Math.min(at, all.length - 1))]?.focus();
    event.preventDefault();
  };
  addEventListener("keydown", keys);
  const unheard = listen({ event: take, again: () => { if (scrollY < 100) load(true); } });
  await load(true);
  return () => { unheard(); seen.disconnect(); removeEventListener("keydown", keys); turn += 1; };
}

/** Return an event as a line of a list. */
export function card(event) {
  const picture = event.files.snapshot && event.is_here
    ? h("img", { src: event.files.snapshot, alt: "", loading: "lazy", width: 112, height: 63 }) : h("span", { class: "none" });
  const label = event.label === null ? null : h("span", { class: `tag ${event.label ? "good" : "bad"}` }, event.label ? "true alarm" : "false alarm");
  const facts = [event.end_s === null ? "going on" : lasting(event.end_s - event.start_s), event.zones.length ? `in ${event.zones.join(", ")}` : null,
    event.evidence.peak_sigma === null ? null : `${event.evidence.peak_sigma.toFixed(0)} σ`, event.evidence.area_fraction === null ? null : percent(event.evidence.area_fraction)];
  return h("a", { class: "event", href: `#/event/${encodeURIComponent(event.id)}` }, picture,
    h("span", {}, h("span", { class: "row" }, h("strong", { class: "number" }, clock(event.at)), h("span", { class: `tag kind-${group(event.kind)}` }, words(event.kind)), h("span", {}, event.is_here ? event.source : `${event.source} · ${event.node}`)),
      h("span", { class: "soft small" }, facts.filter(Boolean).join(" · "))),
    h("span", { class: "row" }, event.kept ? h("span", { class: "tag" }, "kept") : null, label));
}
