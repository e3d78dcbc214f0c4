// A span of time of all cameras at a glance: a lane each, zoomed by wheel, pinch and keys.
import { ask, query } from "./api.js";
import { empty, fill, h, problem } from "./dom.js";
import { card } from "./events.js";
import { listen } from "./news.js";
import { clock, colour, day, group, lasting, onColours, words } from "./words.js";

const DAY_MS = 86_400_000, LEAST_MS = 30_000, MOST_MS = 400 * DAY_MS;
const NEWS_MS = 1500;
const LANE = 46, HEAD = 24, GROUPS = ["motion", "light", "scene", "object", "integrity", "signal"];

export async function show(place, { search }) {
  const cameras = await ask("cameras");
  const isTwice = (name) => cameras.filter((each) => each.name === name).length > 1;
  const lanes = cameras.map(({ name, node }) => ({ name, node, title: isTwice(name) ? `${name} · ${node}` : name }));
  if (!lanes.length) { fill(place, h("h1", {}, "Timeline"), empty("No camera has been watched yet.", h("p", {}, "Start one: monitor watch"))); return null; }
  const midnight = new Date(); midnight.setHours(0, 0, 0, 0);
  let from = search.get("from") ? Date.parse(search.get("from")) : midnight.getTime();
  let to = search.get("to") ? Date.parse(search.get("to")) : from + DAY_MS;
  let data = null, missed = false, cursor = null, wait = null, due = null, chosen = false, fetching = null;

  const canvas = h("canvas", { class: "lanes", tabindex: "0", role: "application", "aria-describedby": "keys" });
  const title = h("h1", { "aria-live": "polite" });
  const under = h("div", { class: "soft small number", style: { minHeight: "1.5em" } });
  const found = h("ul", { class: "events" });
  const foundTitle = h("h2", { hidden: true });
  const pick = h("input", { type: "date", "aria-label": "Day", onchange: () => { if (pick.value) { const start = new Date(`${pick.value}T00:00`).getTime(); move(start, start + DAY_MS); } } });
  const shift = (part) => move(from + part * (to - from), to + part * (to - from));
  const zoom = (factor, at = (from + to) / 2) => { const width = Math.min(MOST_MS, Math.max(LEAST_MS, (to - from) * factor)); const start = at - ((at - from) / (to - from)) * width; move(start, start + width); };
  fill(place, title, h("div", { class: "row" },
    h("button", { "aria-label": "Earlier", onclick: () => shift(-1) }, "←"), pick, h("button", { "aria-label": "Later", onclick: () => shift(1) }, "→"),
    h("button", { onclick: () => move(midnight.getTime(), midnight.getTime() + DAY_MS) }, "Today"),
    h("button", { "aria-label": "Zoom in", onclick: () => zoom(0.5) }, "+"), h("button", { "aria-label": "Zoom out", onclick: () => zoom(2) }, "−"),
    h("label", {}, h("input", { type: "checkbox", onchange: (event) => { missed = event.target.checked; load(); } }), "near misses")),
  h("div", { class: "legend" }, GROUPS.map((name) => h("span", { class: `kind-${name}` }, h("i"), h("span", {}, { motion: "motion", light: "light", scene: "scene", object: "objects", integrity: "camera trouble", signal: "no signal" }[name]))), h("span", {}, "▨ nothing was watched")),
  canvas, under, h("p", { id: "keys", class: "soft small" }, "Wheel or pinch zooms, dragging moves; a click lists the events at that time. ", h("span", { class: "keys" }, "Keys: ← → move, + − zoom, Home today, Enter lists what is in the middle.")),
  foundTitle, found);

  function move(start, end) {
    from = start; to = end; chosen = false;
    title.textContent = to - from >= 0.99 * DAY_MS ? (to - from > 1.01 * DAY_MS ? `${day(from)} to ${day(to - 1)}` : day(from)) : `${day(from)}, ${clock(from)} to ${clock(to)}`;
    const local = new Date(from);
    pick.value = `${local.getFullYear()}-${String(local.getMonth() + 1).padStart(2, "0")}-${String(local.getDate()).padStart(2, "0")}`;
    history.replaceState(null, "", `#/timeline${query({ from: new Date(from).toISOString(), to: new Date(to).toISOString() })}`);
    draw();
    clearTimeout(wait);
    wait = setTimeout(load, 120);
  }

  async function load() {
    fetching?.abort();
    fetching = new AbortController();
    try {
      data = await ask(`timeline${query({ from: new Date(from).toISOString(), to: new Date(to).toISOString(), bins: Math.min(2000, Math.max(100, Math.floor(canvas.clientWidth / 2))), near_misses: missed || null })}`, { signal: fetching.signal });
      const many = data.events.reduce((sum, lane) => sum + lane.parts.reduce((part, [, count]) => part + count, 0), 0);
      canvas.setAttribute("aria-label", `${title.textContent}: ${many} events, ${data.unseen.length} spans without pictures, ${lanes.length} cameras`);
      draw();
      if (!chosen) list();
    } catch (error) {
      if (error.name !== "AbortError") fill(under, problem(error, load));
    }
  }

  const x = (ms, width) => ((ms - from) / (to - from)) * width;

  function draw() {
    const width = canvas.clientWidth, height = HEAD + lanes.length * LANE + 6, scale = devicePixelRatio || 1;
    canvas.style.height = `${height}px`;
    canvas.width = width * scale; canvas.height = height * scale;
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    pen.font = "12px system-ui, sans-serif";
    drawTicks(pen, width, height);
    const now = x(Date.now(), width);
    if (now > 0 && now < width) { pen.fillStyle = colour("focus"); pen.fillRect(now, HEAD - 6, 1, height); }
    lanes.forEach((lane, row) => {
      const top = HEAD + row * LANE, isOf = (each) => each.source === lane.name && each.node === lane.node;
      for (const span of data?.unseen ?? []) if (isOf(span)) hatch(pen, x(Date.parse(span.start), width), x(Date.parse(span.end), width), top + 18, LANE - 22, width);
      for (const each of data?.near_misses ?? []) if (isOf(each)) parts(pen, each, top + LANE - 10, 5, colour("soft"), width);
      for (const each of data?.events ?? []) if (isOf(each)) parts(pen, each, top + 18, LANE - 30, colour(group(each.kind)), width);
      pen.fillStyle = colour("text");
      pen.fillText(lane.title, 6, top + 13);
      pen.fillStyle = colour("line");
      pen.fillRect(0, top + LANE - 1, width, 1);
    });
    if (cursor !== null) { pen.fillStyle = colour("soft"); pen.fillRect(cursor, HEAD, 1, height); }
  }

  function parts(pen, lane, top, height, paint, width) {
    pen.fillStyle = paint;
    const start = Date.parse(data.start), step = 1000 * data.part_s;
    for (const [number, , first, last] of lane.parts) {
      const left = x(first === null ? start + number * step : start + 1000 * first, width);
      const right = x(last === null ? start + (number + 1) * step : start + 1000 * last, width);
      if (right < 0 || left > width) continue;
      pen.fillRect(left, top, Math.max(2, right - left), height);
    }
  }

  function hatch(pen, left, right, top, height, width) {
    left = Math.max(0, left); right = Math.min(width, right);
    if (right <= left) return;
    pen.save();
    pen.beginPath(); pen.rect(left, top, Math.max(1, right - left), height); pen.clip();
    pen.strokeStyle = colour("edge");
    pen.beginPath();
    for (let at = left - height; at < right; at += 7) { pen.moveTo(at, top + height); pen.lineTo(at + height, top); }
    pen.stroke();
    pen.restore();
  }

  function drawTicks(pen, width, height) {
    const steps = [1, 5, 15, 60, 300, 900, 3600, 10_800, 21_600, 86_400, 604_800, 2_592_000].map((value) => 1000 * value);
    const step = steps.find((each) => ((to - from) / each) * 70 < width) ?? steps.at(-1);
    const offset = new Date(from).getTimezoneOffset() * 60_000;
    pen.fillStyle = colour("soft");
    for (let at = Math.ceil((from - offset) / step) * step + offset; at < to; at += step) {
      const left = x(at, width), value = new Date(at);
      pen.fillStyle = colour("line"); pen.fillRect(left, HEAD - 6, 1, height);
      pen.fillStyle = colour("soft");
      const text = step >= DAY_MS ? value.toLocaleDateString(undefined, { day: "numeric", month: "short" })
        : value.toLocaleTimeString(undefined, step < 60_000 ? { hour: "2-digit", minute: "2-digit", second: "2-digit" } : { hour: "2-digit", minute: "2-digit" });
      pen.fillText(text, left + 3, 13);
    }
  }

  const time = (clientX) => from + ((clientX - canvas.getBoundingClientRect().left) / canvas.clientWidth) * (to - from);
  const rowAt = (clientY) => lanes[Math.floor((clientY - canvas.getBoundingClientRect().top - HEAD) / LANE)];
  const fingers = new Map();
  let dragged = 0, grasp = null;
  canvas.addEventListener("wheel", (event) => { event.preventDefault(); if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) shift((event.deltaX || event.deltaY) / 1000); else zoom(Math.exp(event.deltaY / 400), time(event.clientX)); }, { passive: false });
  canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); fingers.set(event.pointerId, event.clientX); dragged = 0; grasp = grip(); });
  canvas.addEventListener("pointermove", (event) => {
    cursor = event.clientX - canvas.getBoundingClientRect().left;
    if (fingers.has(event.pointerId)) {
      dragged += Math.abs(event.clientX - fingers.get(event.pointerId));
      fingers.set(event.pointerId, event.clientX);
      if (dragged > 4) hold();
    }
    under.textContent = `${clock(time(event.clientX))}${said(rowAt(event.clientY), time(event.clientX))}`;
    draw();
  });
  const release = (event) => {
    const wasClick = fingers.size === 1 && dragged <= 4 && event.type === "pointerup";
    fingers.delete(event.pointerId); grasp = fingers.size ? grip() : null;
    if (wasClick) list(rowAt(event.clientY), time(event.clientX));
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => { cursor = null; draw(); });

  // The times under one finger, or two, stay under them.
  function grip() { return [...fingers].map(([id, at]) => [id, time(at)]); }
  function hold() {
    const box = canvas.getBoundingClientRect(), held = grasp.filter(([id]) => fingers.has(id)).map(([id, at]) => [at, (fingers.get(id) - box.left) / box.width]);
    let width = to - from;
    if (held.length > 1 && Math.abs(held[1][1] - held[0][1]) > 0.02) width = Math.min(MOST_MS, Math.max(LEAST_MS, (held[1][0] - held[0][0]) / (held[1][1] - held[0][1])));
    const start = held[0][0] - held[0][1] * width;
    move(start, start + width);
  }

  function said(row, at) {
    if (!row || !data) return "";
    const isOf = (each) => each.source === row.name && each.node === row.node;
    const blind = data.unseen.find((span) => isOf(span) && Date.parse(span.start) <= at && at < Date.parse(span.end));
    const number = Math.floor((at - Date.parse(data.start)) / (1000 * data.part_s));
    const kinds = data.events.filter(isOf).flatMap((lane) => lane.parts.filter(([part]) => part === number).map(([, count]) => `${count} × ${words(lane.kind)}`));
    return [` · ${row.title}`, blind ? `not watched: ${blind.why ?? words(blind.state)} (${lasting((Date.parse(blind.end) - Date.parse(blind.start)) / 1000)})` : null, ...kinds].filter(Boolean).join(" · ");
  }

  /** List the events around a moment, of one lane or of all; without a moment those of the whole picture. */
  async function list(row, at) {
    if (!data) return;
    chosen = at !== undefined;
    const reach = Math.max(1000 * data.part_s, (to - from) / 100);
    const [start, end] = chosen ? [at - reach, at + reach] : [from, to];
    try {
      const page = await ask(`events${query({ camera: row?.name, from: new Date(start).toISOString(), to: new Date(end).toISOString(), limit: chosen ? 60 : 20 })}`);
      const events = page.events.filter((event) => !row || event.node === row.node);
      foundTitle.hidden = !events.length && !chosen;
      foundTitle.textContent = !chosen ? `${page.next ? "The newest of these events" : "These events"}`
        : `${events.length}${page.next ? " and more" : ""} event${events.length === 1 ? "" : "s"} around ${clock(at)}${row ? `, ${row.title}` : ""}`;
      fill(found, ...events.map((event) => h("li", {}, card(event))));
    } catch (error) {
      fill(found, h("li", {}, problem(error)));
    }
  }

  canvas.addEventListener("keydown", (event) => {
    const act = { ArrowLeft: () => shift(-0.25), ArrowRight: () => shift(0.25), "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), Home: () => move(midnight.getTime(), midnight.getTime() + DAY_MS), Enter: () => list(undefined, (from + to) / 2) }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  // Of what happens now only what is in the picture is of interest, and no more often than one can look.
  const soon = (at) => { if (from <= at && at < to && !due) due = setTimeout(() => { due = null; load(); }, NEWS_MS); };
  const unheard = listen({ event: (event) => soon(Date.parse(event.at)), camera: () => soon(Date.now()), again: () => soon(Date.now()) });
  const resized = new ResizeObserver(() => draw());
  resized.observe(canvas);
  const uncoloured = onColours(draw);
  move(from, to);
  return () => { unheard(); uncoloured(); resized.disconnect(); clearTimeout(wait); clearTimeout(due); fetching?.abort(); };
}
