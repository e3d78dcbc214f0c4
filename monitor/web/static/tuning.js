// Other settings tried on what a camera has seen: which events would come, which would go, before anything is saved.
import { ask, query } from "./api.js";
import { empty, fill, h, noFile, problem, tell } from "./dom.js";
import { clock, day, group, words } from "./words.js";

const SPAN = { "motion.min_area_fraction": [0.0001, 0.05], "motion.min_duration_s": [0.05, 10], "motion.min_displacement_fraction": [0.002, 0.5], "advanced.regions.min_coherence": [0.01, 1], "advanced.regions.max_speed_per_s": [0.1, 10], "advanced.light.change_ratio": [1.02, 4] };
const SAID = { "motion.min_area_fraction": "Smallest size, share of the frame", "motion.min_duration_s": "Shortest time, s", "motion.min_displacement_fraction": "Shortest way, share of the diagonal", "advanced.regions.min_coherence": "Least coherence of its way", "advanced.regions.max_speed_per_s": "Fastest, diagonals a second", "advanced.light.change_ratio": "Change of light, factor" };

export async function show(place) {
  const cameras = (await ask("cameras")).filter((each) => each.is_here).map((each) => each.name);
  if (!cameras.length) { fill(place, h("h1", {}, "Tuning"), empty("Nothing was watched on this machine yet, so there is nothing to try settings on.")); return null; }
  let camera = cameras[0], present = {}, values = {}, wait = null, asking = null, gone = false;
  const local = (date) => new Date(date.getTime() - 60_000 * date.getTimezoneOffset()).toISOString().slice(0, 16);
  const since = h("input", { type: "datetime-local", "aria-label": "From", value: local(new Date(Date.now() - 86_400_000)), onchange: soon }), until = h("input", { type: "datetime-local", "aria-label": "To", value: local(new Date(Date.now() + 60_000)), onchange: soon });
  const knobs = h("div", {}), result = h("div", { "aria-live": "polite" }), says = h("div", {}), save = h("button", { class: "main", disabled: true, onclick: store }, "Save these values"), suggest = h("button", { onclick: propose }, "Suggest");
  fill(place, h("h1", {}, "Tuning"), h("p", { class: "soft" }, "Move a slider: what was seen in that time is judged again in moments, and nothing is changed until you save."),
    h("div", { class: "row" }, h("select", { "aria-label": "Camera", onchange: (event) => { camera = event.target.value; start(); } }, cameras.map((name) => h("option", {}, name))), "from", since, "to", until), h("div", { class: "one", style: { marginTop: "12px" } }, h("div", {}, result), h("div", { class: "panel" }, knobs, h("div", { class: "row" }, save, suggest, h("button", { onclick: start }, "Back to now")), says)));

  async function start() {
    try { present = await ask(`tune/keys${query({ camera })}`); } catch (error) { fill(result, problem(error, start)); return; }
    values = { ...present };
    draw();
    tryIt();
  }

  function draw() {
    fill(knobs, ...Object.keys(present).map((key) => {
      const [low, high] = SPAN[key], step = (value) => Math.log(Math.max(value, low) / low) / Math.log(high / low), label = h("label", { for: key }, SAID[key]), number = h("output", { class: "number" }, text(values[key]));
      return h("div", { class: "field" }, h("div", { class: "row end tight" }, label, number), h("input", { id: key, type: "range", min: 0, max: 1, step: 0.005, value: String(step(values[key])), oninput: (event) => { values[key] = Number((low * (high / low) ** event.target.value).toPrecision(2)); number.textContent = text(values[key]); soon(); } }), h("div", { class: "small soft" }, `now ${text(present[key])}`));
    }));
  }
  const text = (value) => String(Number(value.toPrecision(3)));
  const changed = () => Object.fromEntries(Object.entries(values).filter(([key, value]) => value !== present[key]));
  function soon() { clearTimeout(wait); wait = setTimeout(tryIt, 150); }

  async function tryIt() {
    asking?.abort();
    asking = new AbortController();
    save.disabled = !Object.keys(changed()).length;
    try {
      const found = await ask("tune/try", { method: "POST", signal: asking.signal, body: { camera, since: new Date(since.value).toISOString(), until: new Date(until.value).toISOString(), values: changed() } });
      if (gone) return;
      fill(result, found.note ? h("div", { class: "hint" }, found.note) : h("p", {}, h("strong", {}, `${found.stay.length} stay, ${found.come.length} come, ${found.go.length} go`), h("span", { class: "soft" }, ` · ${found.looks} looks judged`)),
        part("Would come", found.come), part("Would go", found.go), part("Stay", found.stay));
    } catch (error) { if (error.name !== "AbortError") fill(result, problem(error, tryIt)); }
  }

  function part(title, events) {
    if (!events.length) return "";
    return h("div", {}, h("h2", {}, `${title} (${events.length})`), h("ul", { class: "events" }, events.slice(0, 100).map((event) => {
      const line = [h("strong", { class: "number" }, event.start ? `${day(event.start)}, ${clock(event.start)}` : ""), " ", h("span", { class: `tag kind-${group(event.kind)}` }, words(event.kind)), " ", event.label === null ? "" : h("span", { class: `tag ${event.label ? "good" : "bad"}` }, event.label ? "true alarm" : "false alarm"), h("div", { class: "small soft" }, event.opened_by)];
      return h("li", {}, event.id ? h("a", { class: "event", style: { gridTemplateColumns: "1fr" }, href: `#/event/${encodeURIComponent(event.id)}` }, h("span", {}, line)) : h("div", { class: "event", style: { gridTemplateColumns: "1fr" } }, h("span", {}, line)));
    })));
  }

  async function propose() {
    suggest.disabled = true; says.textContent = "Trying thousands of settings on your labels …";
    try {
      const found = await ask("tune/suggest", { method: "POST", body: { camera, since: new Date(since.value).toISOString(), until: new Date(until.value).toISOString(), values: {} } });
      says.textContent = found.reason ?? `Suggested: on ${found.labels} labels, mistakes ${found.present} now, ${found.proposed} then; on labels that were set aside ${found.held_out_present} now, ${found.held_out} then.`;
      values = { ...present, ...found.values };
      draw(); tryIt();
    } catch (error) { fill(says, problem(error)); }
    suggest.disabled = false;
  }

  async function store() {
    try {
      const { version, values: all } = await ask("settings");
      if (version === null) { fill(says, noFile()); return; }
      const own = camera in (all.cameras ?? {});
      const changes = Object.entries(changed()).map(([key, value]) => ({ path: own && key.startsWith("motion.") ? ["cameras", camera, ...key.split(".")] : key.split("."), value }));
      const done = await ask("settings", { method: "PUT", body: { version, changes } });
      tell(done.applied ? "Saved, and taken up." : "Saved; the next start takes it up.");
      start();
    } catch (error) { fill(says, problem(error)); }
  }
  await start();
  return () => { gone = true; asking?.abort(); clearTimeout(wait); };
}
