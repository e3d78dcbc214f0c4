// The clip of an event with what was seen drawn over it, and why it fired: for its own view and for shared links.
import { ask } from "./api.js";
import { fill, h, problem } from "./dom.js";
import { atCamera, bytes, capital, clock, colour, group, lasting, moment, onColours, percent, words } from "./words.js";

const STRIP_PX = 130, NEAR_S = 1.2;

const missing = (file) => file.problem !== null && file.size_bytes === null;
const playable = (file) => file.video && file.video.plays !== "nowhere" && !missing(file);

/** Return the parts that show an event whose reasons are at `base`/explained: call `stop` when they go. */
export function clipOf(event, files, base) {
  const clip = files.find((file) => /^clip/.test(file.role) && playable(file)) ?? files.find((file) => file.role === "annotated" && playable(file));
  const video = clip ? h("video", { src: clip.url, controls: true, playsInline: true, muted: true, autoplay: true, preload: "auto", "aria-label": `Clip of ${event.source}` }) : null;
  const over = h("canvas", { class: "over", "aria-hidden": "true" });
  const strip = h("canvas", { class: "lanes", role: "img", "aria-label": "Strength over time", style: { height: `${STRIP_PX}px` } });
  const reasons = h("div", { class: "small soft" }, "Looking up its scores …");
  // The clip says at which second of the source it begins; scores count in the same seconds.
  const begins = clip?.video?.begins_s ?? null;
  const at = () => begins + (video?.currentTime ?? 0);
  let drawn = true, explained = null, gone = false;

  function stage() {
    if (video) return h("div", { class: "picture" }, video, over);
    const picture = files.find((file) => file.role === "snapshot" && !missing(file));
    const why = !event.is_here ? `It was recorded by the machine ${event.node}: its clip is on that machine, and plays on the page there.`
      : event.is_open ? "It is going on: its clip is shown when it has ended."
      : files.find((file) => file.problem)?.problem ?? "There is no clip of it: clips are switched off, or there was no room.";
    return h("div", {}, picture ? h("div", { class: "picture" }, h("img", { src: picture.url, alt: "The picture that shows it best" })) : null, h("p", { class: "hint" }, why));
  }

  function tools() {
    return [
      video ? h("label", {}, h("input", { type: "checkbox", checked: true, onchange: (change) => { drawn = change.target.checked; draw(); } }), "boxes") : null,
      files.filter((file) => !missing(file)).map((file) => h("a", { class: "button", href: `${file.url}?download=true`, download: "" }, `Save ${file.role} (${bytes(file.size_bytes)})`)),
    ];
  }

  function draw() {
    if (!video || gone) return;
    const box = video.getBoundingClientRect(), scale = devicePixelRatio || 1, pen = over.getContext("2d");
    over.width = box.width * scale; over.height = box.height * scale;
    pen.scale(scale, scale);
    pen.clearRect(0, 0, box.width, box.height);
    if (drawn && explained?.looks.length && begins !== null && video.videoWidth) boxes(pen, box);
    drawStrip();
  }

  function boxes(pen, box) {
    const fit = Math.min(box.width / video.videoWidth, box.height / video.videoHeight);
    const width = video.videoWidth * fit, height = video.videoHeight * fit;
    const left = (box.width - width) / 2, top = (box.height - height) / 2;
    pen.font = "12px system-ui"; pen.lineWidth = 2;
    for (const one of nearest(explained.looks, at())?.seen ?? []) {
      const [x, y, w, t] = Array.isArray(one.box) ? one.box : [one.box.x, one.box.y, one.box.width, one.box.height];
      pen.strokeStyle = one.counts ? "#ff5d5d" : "#ffd23f";
      pen.strokeRect(left + x * width, top + y * height, w * width, t * height);
      const text = `${one.peak_sigma.toFixed(0)} σ${one.counts ? "" : `, not: ${words(one.rule)}`}`, wide = pen.measureText(text).width + 8;
      const above = Math.max(0, top + y * height - 18);
      pen.fillStyle = "#000b"; pen.fillRect(left + x * width, above, wide, 17);
      pen.fillStyle = "#fff"; pen.fillText(text, left + x * width + 4, above + 13);
    }
  }

  function drawStrip() {
    if (!explained?.looks.length) return;
    const width = strip.clientWidth, height = STRIP_PX, scale = devicePixelRatio || 1, pen = strip.getContext("2d");
    strip.width = width * scale; strip.height = height * scale; pen.scale(scale, scale);
    const looks = explained.looks, first = looks[0].time_s, last = Math.max(looks.at(-1).time_s, first + 1);
    const x = (time) => 6 + ((time - first) / (last - first)) * (width - 12);
    const limit = explained.limits.peak_sigma, most = Math.max(2 * limit, ...looks.map((look) => look.seen[0]?.peak_sigma ?? 0));
    const y = (value) => height - 20 - (Math.log1p(value) / Math.log1p(most)) * (height - 34);
    for (const look of looks) {
      const best = look.seen.reduce((found, one) => (one.peak_sigma > (found?.peak_sigma ?? 0) ? one : found), null);
      pen.fillStyle = colour(best?.counts ? group(event.kind) : look.stopped ? "edge" : "light");
      if (best) pen.fillRect(x(look.time_s), y(best.peak_sigma), Math.max(2, (width - 12) / looks.length - 1), height - 20 - y(best.peak_sigma));
    }
    pen.strokeStyle = colour("bad"); pen.setLineDash([5, 4]);
    pen.beginPath(); pen.moveTo(0, y(limit)); pen.lineTo(width, y(limit)); pen.stroke(); pen.setLineDash([]);
    pen.fillStyle = colour("text"); pen.font = "12px system-ui"; pen.fillText(`σ of the strongest region, limit ${limit.toFixed(1)}`, 6, 12);
    pen.fillStyle = colour("soft");
    let free = 0;
    for (const [second, name] of [[event.start_s, "begin"], [event.peak_s, "peak"], [event.end_s, "end"]]) {
      if (second === null) continue;
      const place = Math.min(width - 40, x(second) + 3);
      pen.fillRect(x(second), 16, 1, height - 32);
      if (place >= free) { pen.fillText(name, place, height - 5); free = place + 40; }
    }
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

  const said = (second) => (event.start_time ? clock(Date.parse(event.start_time) + 1000 * (second - event.start_s)) : `${second.toFixed(1)} s`);

  async function explain() {
    try {
      explained = await ask(`${base}/explained`);
      strip.hidden = !explained.looks.length;
      fill(reasons, explained.steps.map((step) => h("div", {}, `${said(step.start_s)} to ${said(step.end_s)}: ${step.rule === null ? "it counted" : `did not count yet: ${step.reason ?? words(step.rule)}`}`)),
        h("div", {}, explained.looks.length ? `From ${explained.origin}.` : event.is_open ? "The strip comes when it has ended." : `Without a strip: ${explained.origin}.`), explained.notes.map((note) => h("div", {}, note)));
      draw();
    } catch (error) { strip.hidden = true; fill(reasons, error.status === 409 ? error.message : problem(error)); }
  }

  video?.addEventListener("seeked", draw);
  video?.addEventListener("error", () => video.closest(".picture")?.replaceWith(h("p", { class: "hint" }, clip.problem ?? "This browser does not play the clip. Save it, or open the page in another browser.")));
  addEventListener("resize", draw);
  const uncoloured = onColours(drawStrip);
  tick();
  explain();
  return { video, stage: stage(), tools: tools(), strip, reasons, stop: () => { gone = true; uncoloured(); removeEventListener("resize", draw); video?.pause(); } };
}

/** Return why an event fired, as a list of what was measured. */
export function factsOf(event, timezone) {
  const far = atCamera(event.start_time, timezone), proof = event.evidence;
  const rows = [["When", [moment(event.start_time ?? event.at), far ? h("div", { class: "soft small" }, `at the camera: ${far}`) : null]],
    ["Lasted", event.end_s === null ? "is going on" : lasting(event.end_s - event.start_s)],
    ["Zones", event.zones.join(", ") || "outside of all"],
    ["Strength", proof.peak_sigma === null ? null : `${proof.peak_sigma.toFixed(1)} σ`],
    ["Size", proof.area_fraction === null ? null : `${percent(proof.area_fraction, 2)} of the frame`],
    ["Went", proof.displacement_fraction === null ? null : `${percent(proof.displacement_fraction, 0)} of the diagonal`],
    ["Coherence", proof.coherence === null ? null : proof.coherence.toFixed(2)],
    ["Histogram distance", proof.kl_nats === null ? null : `${proof.kl_nats.toPrecision(2)} nats`],
    ["Machine", event.node]];
  return [h("h2", { class: "first" }, "Why it fired"), h("p", {}, `${capital(proof.opened_by)}.`), proof.closed_by ? h("p", {}, h("span", { class: "soft" }, "It ended: "), `${proof.closed_by}.`) : null, h("dl", { class: "facts" }, rows.filter(([, value]) => value).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]))];
}

function nearest(looks, second) {
  let low = 0, high = looks.length - 1;
  while (low < high) { const middle = (low + high) >> 1; if (looks[middle].time_s < second) low = middle + 1; else high = middle; }
  const one = looks[low], other = looks[low - 1] ?? one;
  const near = Math.abs(other.time_s - second) < Math.abs(one.time_s - second) ? other : one;
  return Math.abs(near.time_s - second) < NEAR_S ? near : null;
}
