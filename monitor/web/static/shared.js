// What somebody without an account sees who was sent a link: one event, and nothing else.
import { ask } from "./api.js";
import { clipOf, factsOf } from "./clip.js";
import { fill, h } from "./dom.js";
import { capital, moment, words } from "./words.js";

export async function show(place, token) {
  const base = `shared/${encodeURIComponent(token)}`;
  let given;
  try { given = await ask(base); }
  catch (error) { fill(place, h("h1", {}, "Shared event"), h("p", { class: "hint" }, error.message)); return () => {}; }
  const { event, files, timezone, ends } = given, clip = clipOf(event, files, base);
  document.title = `${capital(words(event.kind))}, ${event.source} · monitor`;
  fill(place, h("h1", {}, `${capital(words(event.kind))}, ${event.source}`),
    h("p", { class: "soft small" }, `This event was shared with you; the link works until ${moment(ends)}.`),
    h("div", { class: "one" },
      h("div", {}, clip.stage, h("div", { class: "row tools" }, clip.tools), clip.strip, clip.reasons),
      h("div", { class: "panel" }, factsOf(event, timezone))));
  return clip.stop;
}
