// How the machine and every watch are doing: what is the matter first, then each camera with its times and losses.
import { ask } from "./api.js";
import { empty, fill, h, problem, table } from "./dom.js";
import { listen } from "./news.js";
import { bytes, lasting, moment, percent, words } from "./words.js";

const ASK_MS = 15_000;

export async function show(place) {
  const shown = new Set();
  let gone = false;
  async function load() {
    try {
      const found = await ask("health");
      if (!gone) draw(place, found, shown);
    } catch (error) { if (!gone) fill(place, problem(error, load)); }
  }
  // Times and counts change all the while and are no news: those are asked for.
  const asking = setInterval(load, ASK_MS), unheard = listen({ camera: load, alerts: load, again: load });
  await load();
  return () => { gone = true; unheard(); clearInterval(asking); };
}

function draw(place, found, shown) {
  const used = found.disk_size_bytes ? 1 - found.disk_free_bytes / found.disk_size_bytes : null;
  const facts = [["Machine", `${found.node}, version ${found.version}`], ["Its time", `${moment(found.now)}${found.timezone ? `; its zone is ${found.timezone}` : ""}`],
    ["Disk", [`${bytes(found.disk_free_bytes)} free of ${bytes(found.disk_size_bytes)}`, used === null ? null : meter(used, "of the disk is used")]],
    ["Alerts waiting", found.alerts_waiting ? h("a", { href: "#/alerts" }, String(found.alerts_waiting)) : found.alerts_waiting === null ? "unknown" : "none"]];
  fill(place, h("h1", {}, "Health"),
    found.problems.length ? found.problems.map((text) => h("div", { class: "problem" }, text)) : h("p", { class: "good" }, "Nothing is wrong."),
    h("div", { class: "panel" }, h("dl", { class: "facts" }, facts.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]))),
    found.cameras.length ? found.cameras.map((each) => camera(each, shown)) : empty("No camera yet.", h("p", {}, "Start one: monitor watch")));
}

function camera(each, shown) {
  const status = each.status, head = h("h2", { class: "row" }, h("span", { class: `dot ${each.state}` }), `${each.name}: ${each.state === "unknown" ? "nothing is heard of it" : words(each.state)}`);
  if (!status) return [head, h("p", { class: "soft" }, each.is_here ? "Its watch does not run. Start it: monitor watch" : `It is watched by the machine ${each.node}; its times are on the page there.`)];
  const lost = status.frames ? status.dropped / status.frames : 0, rate = (value, unit) => (value === null ? "unknown" : `${value.toFixed(1)} ${unit}`);
  const facts = [["Pictures", `${status.frames.toLocaleString()}, ${rate(status.rate_hz, "a second")}${status.width_px ? `, ${status.width_px} × ${status.height_px}` : ""}`],
    ["Dropped", h("span", { class: lost > 0.01 ? "bad" : "" }, `${status.dropped.toLocaleString()} (${percent(lost, 2)})`)],
    ["Judged after", status.delay_s === null ? "unknown" : `${Math.round(1000 * status.delay_s)} ms`],
    ["Processor, memory", `${percent(status.cpu_fraction, 0)} of a core, ${bytes(status.memory_bytes)}`],
    ["Without signal", `${lasting(status.gap_s)}; connected anew ${status.reconnects} times, started anew ${status.restarts} times`],
    ["Recording", status.recording], ["Waiting for the journal", String(status.waiting)], ["Not recorded", `${status.pictures_lost} pictures`],
    ["Events", `${Object.entries(status.events).map(([kind, count]) => `${count} ${words(kind)}`).join(", ") || "none"}; ${status.near_misses} near misses`]];
  const rules = Object.entries(status.near_miss_rules);
  const more = h("details", { open: shown.has(each.name), ontoggle: (event) => { if (event.target.open) shown.add(each.name); else shown.delete(each.name); } },
    h("summary", {}, "Time of each stage, and near misses by rule"), stages(each.name, status.stage_s),
    rules.length ? table(`Near misses of ${each.name}`, ["Rule", h("th", { class: "number", scope: "col" }, "Near misses")], rules.map(([rule, count]) => h("tr", {}, h("td", {}, words(rule)), h("td", { class: "number" }, String(count))))) : null);
  return [head, each.why ? h("p", { class: "bad" }, each.why) : null, h("div", { class: "panel" }, h("dl", { class: "facts" }, facts.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])), more)];
}

/** Return the mean times of a frame in each stage, the longest first. */
function stages(name, times) {
  const rows = Object.entries(times).sort(([, one], [, other]) => other - one), whole = rows.reduce((sum, [, seconds]) => sum + seconds, 0);
  if (!rows.length) return h("p", { class: "soft" }, "No frame was looked at yet.");
  return table(`Stages of ${name}`, ["Stage", h("th", { class: "number", scope: "col" }, "A frame takes"), "Share"], rows.map(([stage, seconds]) => h("tr", {}, h("td", {}, words(stage)), h("td", { class: "number" }, `${(1000 * seconds).toFixed(2)} ms`), h("td", { class: "share" }, meter(seconds / whole, `of ${name}'s time is ${words(stage)}`)))));
}

function meter(fraction, meaning) {
  return h("div", { class: "track", role: "img", "aria-label": `${percent(fraction, 0)} ${meaning}` }, h("div", { class: "fill", style: { width: `${100 * Math.min(1, fraction)}%` } }));
}
