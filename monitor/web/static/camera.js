// One camera large: its layers, and beside it the running scores with their limits: why it fires, or does not.
import { ask } from "./api.js";
import { empty, fill, h } from "./dom.js";
import { LAYERS, feed } from "./feed.js";
import { stateOf } from "./live.js";
import { listen } from "./news.js";
import { percent, words } from "./words.js";

const KEPT = "monitor layers";

export async function show(place, { rest: [name], me }) {
  const camera = (await ask("cameras")).find((each) => each.name === name && each.is_here);
  if (!camera) { fill(place, h("h1", {}, name), empty("This machine has no such camera.", h("a", { href: "#/live" }, "All cameras"))); return null; }
  const shown = new Set((localStorage.getItem(KEPT) ?? "boxes,zones").split(",").filter(Boolean));
  const canvas = h("canvas", { role: "img", "aria-label": `${name} live`, width: 960, height: 540 }), over = h("p", {}, "Waiting for the first picture …");
  const bars = { peak_sigma: bar("Strongest, σ"), area_fraction: bar("Largest, of frame"), kl_nats: bar("Histogram change, nats") };
  const verdict = h("p", { "aria-live": "polite", style: { minHeight: "3em", fontWeight: "600" } }, ""), seen = h("div", { class: "small" }), state = h("p", { class: "soft" }, stateOf(camera));
  const live = feed(name, canvas, shown, { told, state: (text) => { over.textContent = text ?? ""; over.hidden = text === null; } });
  fill(place, h("div", { class: "row end top" }, h("h1", {}, name), h("div", { class: "row" }, h("a", { class: "button", href: `#/events?camera=${encodeURIComponent(name)}` }, "Events"), me.role === "admin" ? h("a", { class: "button", href: `#/zones/${encodeURIComponent(name)}` }, "Zones") : null)),
    h("div", { class: "one" }, h("div", {}, h("div", { class: "picture" }, canvas, over), h("div", { class: "row", role: "group", "aria-label": "What is drawn", style: { marginTop: "8px" } }, LAYERS.map(([key, title]) => toggle(key, title)))),
      h("div", { class: "panel" }, h("h2", { style: { marginTop: 0 } }, "Now"), state, verdict, h("div", { class: "bars" }, Object.values(bars).map((one) => one.element)), h("h2", {}, "Regions"), seen)));

  function toggle(key, title) {
    const button = h("button", { "aria-pressed": String(shown.has(key)), onclick: () => {
      if (shown.has(key)) shown.delete(key); else shown.add(key);
      button.setAttribute("aria-pressed", String(shown.has(key)));
      localStorage.setItem(KEPT, [...shown].join(","));
      if (key === "mask" || key === "heat") live.setLayers(); else live.draw();
    } }, title);
    return button;
  }

  function told(look, facts) {
    const limits = facts?.limits ?? {};
    const most = (key) => look.seen.reduce((found, one) => Math.max(found, one[key]), 0);
    bars.peak_sigma.tell(most("peak_sigma"), limits.peak_sigma, (value) => value.toFixed(1));
    bars.area_fraction.tell(most("area_fraction"), limits.area_fraction, (value) => percent(value, 2));
    bars.kl_nats.tell(look.kl_nats ?? 0, limits.kl_nats, (value) => value.toPrecision(2));
    const first = look.seen[0];
    verdict.textContent = look.open.length ? `Event going on: ${look.open.map(words).join(", ")}.` : look.stopped ? `Nothing fires now: ${look.stopped}` : first ? (first.counts ? "It fires." : `Does not fire: ${first.reason ?? words(first.rule)}`) : look.state === "watching" ? "Nothing is to be seen." : `${words(look.state)} …`;
    state.textContent = words(look.state);
    if (!look.seen.length) fill(seen, h("span", { class: "soft" }, "None now."));
    else fill(seen, ...look.seen.slice(0, 6).map((one) => h("div", {}, `${one.peak_sigma.toFixed(0)} σ, ${percent(one.area_fraction, 2)}, ${one.age_s.toFixed(1)} s${one.zones.length ? `, in ${one.zones.join(", ")}` : ""}: ${one.counts ? "counts" : words(one.rule)}`)));
  }
  const unheard = listen({ camera: (now) => {
    if (now.name !== name || !now.is_here) return;
    state.textContent = now.why ? `${stateOf(now)}: ${now.why}` : stateOf(now);
    if (now.state === "blind") verdict.textContent = "Nothing is seen.";
  } });
  return () => { unheard(); live.stop(); };
}

function bar(title) {
  const fill = h("div", { class: "fill" }), limit = h("div", { class: "limit" }), number = h("span", { class: "number small" });
  return {
    element: h("div", { class: "bar", style: { gridTemplateColumns: "1fr" } }, h("div", { class: "row end tight small" }, h("span", {}, title), number), h("div", { class: "track" }, fill, limit)),
    tell(value, most, said) {
      // The limit stands in the middle of a logarithmic scale of two decades.
      const at = (each) => Math.max(0, Math.min(1, (Math.log10(Math.max(each, 1e-9) / most) + 1) / 2));
      if (!most) return;
      fill.style.width = `${100 * at(value)}%`;
      fill.style.background = value >= most ? "var(--bad)" : "var(--accent)";
      limit.style.left = "50%";
      number.textContent = `${said(value)}, limit ${said(most)}`;
    },
  };
}
