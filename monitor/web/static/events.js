// The list of events: filtered, newest first, as many as one scrolls to.
import { ask, query } from "./api.js";
import { empty, fill, h, problem } from "./dom.js";
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
  h("p", { class: "soft small" }, "Arrow keys move, Enter opens."), list, foot);

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
    const today = day(event.at);
    const head = today === lastDay ? [] : [h("li", {}, h("h2", {}, today))];
    lastDay = today;
    return [...head, h("li", {}, card(event))];
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
  await load(true);
  return () => { seen.disconnect(); removeEventListener("keydown", keys); turn += 1; };
}

/** Return an event as a line of a list. */
export function card(event) {
  const picture = event.files.snapshot && event.is_here
    ? h("img", { src: event.files.snapshot, alt: "", loading: "lazy", width: 112, height: 63 }) : h("span", { class: "none" });
  const label = event.label === null ? null : h("span", { class: `tag ${event.label ? "good" : "bad"}` }, event.label ? "true alarm" : "false alarm");
  const facts = [event.end_s === null ? "going on" : lasting(event.end_s - event.start_s), event.zones.length ? `in ${event.zones.join(", ")}` : null,
    event.evidence.peak_sigma === null ? null : `${event.evidence.peak_sigma.toFixed(0)} σ`, event.evidence.area_fraction === null ? null : percent(event.evidence.area_fraction)];
  return h("a", { class: "event", href: `#/event/${encodeURIComponent(event.id)}` }, picture,
    h("span", {}, h("span", { class: "row" }, h("strong", { class: "number" }, clock(event.at)), h("span", { class: `tag kind-${group(event.kind)}` }, words(event.kind)), h("span", {}, event.source)),
      h("span", { class: "soft small" }, facts.filter(Boolean).join(" · "))),
    h("span", { class: "row" }, event.kept ? h("span", { class: "tag" }, "kept") : null, label));
}
