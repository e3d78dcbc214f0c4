// How the machine and every watch are doing.
import { ask } from "./api.js";
import { empty, fill, h, problem, table } from "./dom.js";
import { listen } from "./news.js";
import { bytes, moment, words } from "./words.js";

const ASK_MS = 15_000;

export async function show(place) {
  let gone = false;
  async function load() {
    try {
      const found = await ask("health");
      if (!gone) draw(place, found);
    } catch (error) { if (!gone) fill(place, problem(error, load)); }
  }
  // Times and counts change all the while and are no news: those are asked for.
  const asking = setInterval(load, ASK_MS), unheard = listen({ camera: load, alerts: load, again: load });
  await load();
  return () => { gone = true; unheard(); clearInterval(asking); };
}

function draw(place, found) {
  const share = found.disk_size_bytes ? 1 - found.disk_free_bytes / found.disk_size_bytes : null;
  fill(place, h("h1", {}, "Health"),
    found.problems.length ? found.problems.map((text) => h("div", { class: "problem" }, text)) : h("p", { class: "good" }, "Nothing is wrong."),
    h("div", { class: "panel" }, h("dl", { class: "facts" }, [["Machine", found.node], ["Version", found.version], ["Its time", `${moment(found.now)} here${found.timezone ? ` (its zone: ${found.timezone})` : ""}`],
      ["Disk", `${bytes(found.disk_free_bytes)} free of ${bytes(found.disk_size_bytes)}${share === null ? "" : `, ${Math.round(100 * share)} % used`}`], ["Alerts waiting", found.alerts_waiting === null ? "unknown" : String(found.alerts_waiting)]].map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]))),
    found.cameras.length ? found.cameras.map(camera) : empty("No camera yet.", h("p", {}, "Start one: monitor watch")));
}

function camera(each) {
  const rows = flat(each.status ?? {}).filter(([name]) => !["name", "state", "why", "written"].includes(name));
  return [h("h2", { class: "row" }, h("span", { class: `dot ${each.state}` }), `${each.name}: ${words(each.state)}`), each.why ? h("p", {}, each.why) : null,
    rows.length ? h("details", { class: "panel" }, h("summary", {}, "All it says of itself: times, drops, queues"), table(`What ${each.name} says of itself`, null, rows.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, words(name)), h("td", { class: "number" }, value))))) : h("p", { class: "soft" }, each.is_here ? "Nothing is heard of its watch." : `It is watched by the machine ${each.node}.`)];
}

function flat(value, prefix = "") {
  return Object.entries(value).flatMap(([name, one]) => (one !== null && typeof one === "object" ? flat(one, `${prefix}${name} `)
    : [[`${prefix}${name}`, one === null ? "unknown" : typeof one === "number" && !Number.isInteger(one) ? one.toPrecision(4) : String(one)]]));
}
