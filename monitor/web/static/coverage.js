// What was really watched, by camera and day.
import { ask, query } from "./api.js";
import { empty, fill, h, table } from "./dom.js";
import { OWN_ZONE, clock, day, lasting, percent, words } from "./words.js";

export async function show(place) {
  const since = new Date(); since.setHours(0, 0, 0, 0); since.setDate(since.getDate() - 13);
  const found = await ask(`coverage${query({ from: since.toISOString(), zone: OWN_ZONE })}`);
  const cameras = [...new Set(found.days.map((each) => each.source))];
  const days = [...new Set(found.days.map((each) => each.day))].sort().reverse();
  fill(place, h("h1", {}, "Coverage"), h("p", { class: "soft" }, `What was really watched in the last two weeks; days of ${OWN_ZONE}.`),
    cameras.length ? table("Coverage by day", ["Day", ...cameras.map((name) => h("th", { class: "number", scope: "col" }, name))],
      days.map((name) => h("tr", {}, h("th", { scope: "row", class: "when" }, new Date(`${name}T12:00`).toLocaleDateString(undefined, { weekday: "short", day: "numeric", month: "short" })), cameras.map((source) => cell(found.days.find((each) => each.day === name && each.source === source))))))
      : empty("Nothing was watched yet.", h("p", {}, "Start a camera: monitor watch")),
    h("h2", {}, "When nothing was seen"),
    found.blind.length ? table("When nothing was seen", ["Camera", "From", "To", "For", "Why"],
      found.blind.slice(-400).reverse().map((span) => h("tr", {}, h("td", {}, span.source), h("td", { class: "when" }, `${day(span.start_time)}, ${clock(span.start_time)}`), h("td", { class: "when" }, clock(span.end_time)), h("td", { class: "when" }, lasting((Date.parse(span.end_time) - Date.parse(span.start_time)) / 1000)), h("td", { class: "long" }, words(span.why) || "unknown"))))
      : h("p", { class: "soft" }, "Never."));
}

function cell(each) {
  if (!each || each.watched_fraction === null) return h("td", { class: "number soft" }, "–");
  const why = Object.entries(each.blind_s).map(([name, seconds]) => `${words(name)}: ${lasting(seconds)}`).join("; ");
  return h("td", { class: `number ${each.watched_fraction < 0.99 ? "bad" : ""}`, title: why }, percent(each.watched_fraction, each.watched_fraction > 0.995 && each.watched_fraction < 1 ? 2 : 1), why ? h("div", { class: "small soft" }, why) : null);
}
