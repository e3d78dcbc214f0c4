// One event: its clip, why it fired, what people say of it, and whom it is shown to.
import { ask, query } from "./api.js";
import { clipOf, factsOf } from "./clip.js";
import { fill, h, tell } from "./dom.js";
import { listen } from "./news.js";
import { shareDialog } from "./share.js";
import { capital, words } from "./words.js";

const DAY_MS = 86_400_000;

export async function show(place, { rest: [id], me }) {
  const address = `events/${encodeURIComponent(id)}`;
  let event = await ask(address);
  const [files, cameras] = await Promise.all([event.is_here ? ask(`${address}/files`) : [], ask("cameras")]);
  const timezone = cameras.find((each) => each.name === event.source && each.is_here === event.is_here)?.timezone;
  const clip = clipOf(event, files, address), said = h("div", {});
  const older = h("a", { class: "button", hidden: true }, "← older"), newer = h("a", { class: "button", hidden: true }, "newer →");

  fill(place,
    h("div", { class: "row end top" }, h("h1", {}, `${capital(words(event.kind))}, ${event.source}`), h("div", { class: "row" }, older, newer)),
    h("div", { class: "one" },
      h("div", {}, clip.stage, h("div", { class: "row tools" }, clip.tools, h("button", { onclick: () => shareDialog(event, me) }, "Share")), clip.strip, clip.reasons),
      h("div", { class: "panel" }, factsOf(event, timezone), h("h2", {}, "Was it right?"), said)));

  function tellLabel() {
    const button = (label, text, key) => h("button", { "aria-pressed": String(event.label === label), onclick: () => mark(label) }, `${text} (${key})`);
    const note = h("textarea", { rows: 2, maxLength: 2000, "aria-label": "Note", placeholder: "A note", class: "wide", onchange: () => put("label", { label: event.label, note: note.value }, "The note is kept.") }, event.note ?? "");
    fill(said, h("div", { class: "row" }, button(true, "True alarm", "t"), button(false, "False alarm", "f"), h("button", { onclick: () => mark(null), disabled: event.label === null }, "No label (u)")),
      h("div", { class: "field" }, note),
      h("label", {}, h("input", { type: "checkbox", checked: event.kept, onchange: keep }), "Keep its files whatever their age (k)"));
  }

  const mark = (label) => put("label", { label }, label === null ? "The label is gone." : `Labelled: ${label ? "true" : "false"} alarm.`);
  const keep = () => put("keep", { keep: !event.kept }, event.kept ? "It goes with its age." : "It is kept.");
  async function put(what, body, done) {
    try {
      event = await ask(`${address}/${what}`, { method: "PUT", body });
      tell(done);
    } catch (error) { tell(error.message); }
    tellLabel();
  }

  const play = () => clip.video && (clip.video.paused ? clip.video.play() : clip.video.pause());
  const keys = (pressed) => {
    if (pressed.target.matches("input, textarea, select, dialog *") || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
    if (pressed.key === " " && pressed.target.matches("button, a")) return;
    const act = { t: () => mark(true), f: () => mark(false), u: () => mark(null), k: keep, ArrowLeft: () => older.click(), ArrowRight: () => newer.click(), " ": play }[pressed.key];
    if (act && !(pressed.target === clip.video)) { pressed.preventDefault(); act(); }
  };
  addEventListener("keydown", keys);
  const unheard = listen({ event: (now) => {
    if (now.id !== id) return;
    const hasEnded = event.is_open && !now.is_open;
    event = now;
    // Its clip is there now: everything is shown anew.
    if (hasEnded) dispatchEvent(new HashChangeEvent("hashchange"));
    else if (!said.contains(document.activeElement)) tellLabel();
  } });
  tellLabel();
  neighbours();

  async function neighbours() {
    const look = async (link, asked, choose) => {
      const other = choose((await ask(`events${query(asked)}`)).events.filter((each) => each.id !== id));
      if (other) { link.href = `#/event/${encodeURIComponent(other.id)}`; link.hidden = false; }
    };
    const later = new Date(Date.parse(event.at) + 1).toISOString();
    try {
      await look(older, { camera: event.source, to: event.at, limit: 2 }, (found) => found[0]);
      await look(newer, { camera: event.source, from: later, to: new Date(Date.parse(event.at) + DAY_MS).toISOString(), limit: 1000 }, (found) => found.at(-1));
    } catch { /* the links stay hidden */ }
  }

  return () => { unheard(); removeEventListener("keydown", keys); clip.stop(); };
}
