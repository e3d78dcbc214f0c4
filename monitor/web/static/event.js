// One event: its clip with what was seen drawn over it, why it fired, and what people say of it.
import { ask, query } from "./api.js";
import { fill, h, problem, tell } from "./dom.js";
import { atCamera, bytes, clock, colour, group, lasting, moment, percent, words } from "./words.js";

export async function show(place, { rest: [id], me }) {
  let event = await ask(`events/${encodeURIComponent(id)}`);
  const [files, cameras] = await Promise.all([event.is_here ? ask(`events/${encodeURIComponent(id)}/files`) : [], ask("cameras")]);
  const clip = files.find((file) => /^clip/.test(file.role) && file.video && file.video.plays !== "nowhere" && !missing(file)) ?? files.find((file) => file.role === "annotated" && file.video);
  const camera = cameras.find((each) => each.name === event.source);
  const said = h("div", {}), facts = h("div", {}), reasons = h("div", { class: "small soft" }, "Looking up its scores …"), strip = h("canvas", { class: "lanes", role: "img", "aria-label": "Strength over time", style: { height: "130px" } });
  const video = clip ? h("video", { src: clip.url, controls: true, playsInline: true, muted: true, autoplay: true, preload: "auto", "aria-label": `Clip of ${event.source}` }) : null;
  const over = h("canvas", { class: "over", "aria-hidden": "true" });
  let drawn = true, explained = null, gone = false;

  fill(place, 
    h("div", { class: "row end" }, h("h1", {}, `${words(event.kind)}, ${event.source}`), h("div", { class: "row" },
      h("a", { class: "button", id: "older", hidden: true }, "← older"), h("a", { class: "button", id: "newer", hidden: true }, "newer →"))),
    h("div", { class: "one" },
      h("div", {}, stage(), h("div", { class: "row", style: { margin: "8px 0" } },
        video ? h("label", {}, h("input", { type: "checkbox", checked: true, onchange: (change) => { drawn = change.target.checked; draw(); } }), "boxes") : null,
        files.filter((file) => !missing(file)).map((file) => h("a", { class: "button", href: `${file.url}?download=true`, download: "" }, `Save ${file.role} (${bytes(file.size_bytes)})`)),
        h("button", { onclick: share }, "Copy link")), strip, reasons),
      h("div", { class: "panel" }, facts, h("h2", {}, "Was it right?"), said)));

  function missing(file) { return file.problem !== null && file.size_bytes === null; }

  function stage() {
    if (video) return h("div", { class: "picture" }, video, over);
    const picture = files.find((file) => file.role === "snapshot" && !missing(file));
    const why = !event.is_here ? `It was recorded by the machine ${event.node}; its clip is on that machine's page.` : files.find((file) => file.problem)?.problem ?? "There is no clip of it: clips are switched off, or there was no room.";
    return h("div", {}, picture ? h("div", { class: "picture" }, h("img", { src: picture.url, alt: "The picture that shows it best" })) : null, h("p", { class: "hint" }, why));
  }

  function tellFacts() {
    const far = atCamera(event.start_time, camera?.timezone), proof = event.evidence;
    const rows = [["When", [moment(event.start_time ?? event.at), far ? h("div", { class: "soft small" }, `at the camera: ${far}`) : null]],
      ["Lasted", event.end_s === null ? "is going on" : lasting(event.end_s - event.start_s)],
      ["Zones", event.zones.join(", ") || "outside of all"],
      ["Strength", proof.peak_sigma === null ? null : `${proof.peak_sigma.toFixed(1)} σ`],
      ["Size", proof.area_fraction === null ? null : `${percent(proof.area_fraction, 2)} of the frame`],
      ["Went", proof.displacement_fraction === null ? null : `${percent(proof.displacement_fraction, 0)} of the diagonal`],
      ["Coherence", proof.coherence === null ? null : proof.coherence.toFixed(2)],
      ["Histogram distance", proof.kl_nats === null ? null : `${proof.kl_nats.toPrecision(2)} nats`],
      ["Opened by", proof.opened_by], ["Closed by", proof.closed_by], ["Machine", event.node]];
    fill(facts, h("h2", { style: { marginTop: 0 } }, "Why it fired"), h("dl", { class: "facts" }, rows.filter(([, value]) => value).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])));
  }

  function tellLabel() {
    const button = (label, text, key) => h("button", { "aria-pressed": String(event.label === label), onclick: () => mark(label) }, `${text} (${key})`);
    const note = h("textarea", { rows: 2, maxLength: 2000, "aria-label": "Note", placeholder: "A note", style: { width: "100%" }, onchange: () => put("label", { label: event.label, note: note.value }, "The note is kept.") }, event.note ?? "");
    fill(said, h("div", { class: "row" }, button(true, "True alarm", "t"), button(false, "False alarm", "f"), h("button", { onclick: () => mark(null), disabled: event.label === null }, "No label (u)")),
      h("div", { style: { margin: "10px 0" } }, note),
      h("label", {}, h("input", { type: "checkbox", checked: event.kept, onchange: () => keep() }), "Keep its files whatever their age (k)"));
  }

  const mark = (label) => put("label", { label }, label === null ? "The label is gone." : `Labelled: ${label ? "true" : "false"} alarm.`);
  const keep = () => put("keep", { keep: !event.kept }, event.kept ? "It goes with its age." : "It is kept.");
  async function put(what, body, done) {
    try {
      event = await ask(`events/${encodeURIComponent(id)}/${what}`, { method: "PUT", body });
      tellLabel();
      tell(done);
    } catch (error) { tell(error.message); tellLabel(); }
  }

  async function share() {
    try { await navigator.clipboard.writeText(location.href); tell("The link is copied. Who opens it must be able to log in here."); }
    catch { prompt("The link:", location.href); }
  }

  // The clip says at which second of the source it begins; scores count in the same seconds.
  const begins = clip?.video?.begins_s ?? null;
  const at = () => begins + (video?.currentTime ?? 0);

  function draw() {
    if (!video || gone) return;
    const box = video.getBoundingClientRect(), scale = devicePixelRatio || 1;
    over.width = box.width * scale; over.height = box.height * scale;
    const pen = over.getContext("2d");
    pen.scale(scale, scale);
    pen.clearRect(0, 0, box.width, box.height);
    if (drawn && explained?.looks.length && begins !== null && video.videoWidth) {
      const look = nearest(explained.looks, at());
      const fit = Math.min(box.width / video.videoWidth, box.height / video.videoHeight), width = video.videoWidth * fit, height = video.videoHeight * fit;
      const left = (box.width - width) / 2, top = (box.height - height) / 2;
      pen.font = "12px system-ui"; pen.lineWidth = 2;
      for (const one of look?.seen ?? []) {
        const [x, y, w, t] = Array.isArray(one.box) ? one.box : [one.box.x, one.box.y, one.box.width, one.box.height];
        pen.strokeStyle = one.counts ? "#ff5d5d" : "#ffd23f"; pen.strokeRect(left + x * width, top + y * height, w * width, t * height);
        const text = `${one.peak_sigma.toFixed(0)} σ${one.counts ? "" : `, not: ${words(one.rule)}`}`, wide = pen.measureText(text).width + 8;
        const above = Math.max(0, top + y * height - 18);
        pen.fillStyle = "#000b"; pen.fillRect(left + x * width, above, wide, 17);
        pen.fillStyle = "#fff"; pen.fillText(text, left + x * width + 4, above + 13);
      }
    }
    drawStrip();
  }

  function drawStrip() {
    if (!explained?.looks.length) return;
    const width = strip.clientWidth, height = 130, scale = devicePixelRatio || 1, pen = strip.getContext("2d");
    strip.width = width * scale; strip.height = height * scale; pen.scale(scale, scale);
    const looks = explained.looks, first = looks[0].time_s, last = Math.max(looks.at(-1).time_s, first + 1), x = (time) => 6 + ((time - first) / (last - first)) * (width - 12);
    const limit = explained.limits.peak_sigma, most = Math.max(2 * limit, ...looks.map((look) => look.seen[0]?.peak_sigma ?? 0)), y = (value) => height - 20 - (Math.log1p(value) / Math.log1p(most)) * (height - 34);
    for (const look of looks) {
      const best = look.seen.reduce((found, one) => (one.peak_sigma > (found?.peak_sigma ?? 0) ? one : found), null);
      pen.fillStyle = colour(best?.counts ? group(event.kind) : look.stopped ? "edge" : "light");
      if (best) pen.fillRect(x(look.time_s), y(best.peak_sigma), Math.max(2, (width - 12) / looks.length - 1), height - 20 - y(best.peak_sigma));
    }
    pen.strokeStyle = colour("bad"); pen.setLineDash([5, 4]);
    pen.beginPath(); pen.moveTo(0, y(limit)); pen.lineTo(width, y(limit)); pen.stroke(); pen.setLineDash([]);
    pen.fillStyle = colour("text"); pen.font = "12px system-ui"; pen.fillText(`σ of the strongest region, limit ${limit.toFixed(1)}`, 6, 12);
    pen.fillStyle = colour("soft");
    for (const [second, name] of [[event.start_s, "begin"], [event.peak_s, "peak"], [event.end_s, "end"]]) if (second !== null) { pen.fillRect(x(second), 16, 1, height - 32); pen.fillText(name, Math.min(width - 40, x(second) + 3), height - 5); }
    if (begins !== null) { pen.fillStyle = colour("focus"); pen.fillRect(x(at()) - 1, 14, 2, height - 30); }
  }

  strip.addEventListener("click", (click) => {
    if (!video || begins === null || !explained?.looks.length) return;
    const looks = explained.looks, part = (click.offsetX - 6) / (strip.clientWidth - 12);
    video.currentTime = Math.max(0, looks[0].time_s + part * (looks.at(-1).time_s - looks[0].time_s) - begins);
  });

  function tick() {
    if (gone || !video) return;
    draw();
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(tick); else setTimeout(() => requestAnimationFrame(tick), 60);
  }

  const keys = (pressed) => {
    if (pressed.target.matches("input, textarea, select") || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
    const act = { t: () => mark(true), f: () => mark(false), u: () => mark(null), k: keep, ArrowLeft: () => document.getElementById("older")?.click(), ArrowRight: () => document.getElementById("newer")?.click(), " ": () => video && (video.paused ? video.play() : video.pause()) }[pressed.key];
    if (act && !(pressed.key.startsWith("Arrow") && pressed.target === video)) { pressed.preventDefault(); act(); }
  };
  addEventListener("keydown", keys);
  addEventListener("resize", draw);
  tellFacts();
  tellLabel();
  tick();
  video?.addEventListener("seeked", draw);
  video?.addEventListener("error", () => video.closest(".picture")?.replaceWith(h("p", { class: "hint" }, clip.problem ?? "This browser does not play the clip. Save it, or open the page in another browser.")));
  neighbours();
  try {
    explained = await ask(`events/${encodeURIComponent(id)}/explained`);
    strip.hidden = !explained.looks.length;
    fill(reasons, ...explained.steps.map((step) => h("div", {}, `${clockAt(step.start_s)} to ${clockAt(step.end_s)}: ${step.rule === null ? "it counted" : `did not count yet: ${step.reason ?? words(step.rule)}`}`)),
      h("div", {}, explained.looks.length ? `From ${explained.origin}.` : `Without a strip: ${explained.origin}.`), ...explained.notes.map((note) => h("div", {}, note)));
    draw();
  } catch (error) { strip.hidden = true; fill(reasons, problem(error)); }

  function clockAt(second) {
    return event.start_time ? clock(Date.parse(event.start_time) + 1000 * (second - event.start_s)) : `${second.toFixed(1)} s`;
  }

  async function neighbours() {
    const look = async (name, asked) => {
      const found = (await ask(`events${query(asked)}`)).events.filter((each) => each.id !== id);
      const link = document.getElementById(name), other = name === "older" ? found[0] : found.at(-1);
      if (link && other) { link.href = `#/event/${encodeURIComponent(other.id)}`; link.hidden = false; }
    };
    const later = new Date(Date.parse(event.at) + 1).toISOString();
    try {
      await look("older", { camera: event.source, to: event.at, limit: 2 });
      await look("newer", { camera: event.source, from: later, to: new Date(Date.parse(event.at) + 86_400_000).toISOString(), limit: 1000 });
    } catch { /* the links stay hidden */ }
  }

  return () => { gone = true; removeEventListener("keydown", keys); removeEventListener("resize", draw); video?.pause(); };
}

function nearest(looks, second) {
  let low = 0, high = looks.length - 1;
  while (low < high) { const middle = (low + high) >> 1; if (looks[middle].time_s < second) low = middle + 1; else high = middle; }
  const one = looks[low], other = looks[low - 1] ?? one;
  const near = Math.abs(other.time_s - second) < Math.abs(one.time_s - second) ? other : one;
  return Math.abs(near.time_s - second) < 1.2 ? near : null;
}
