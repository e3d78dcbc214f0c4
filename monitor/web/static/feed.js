// One camera live: pictures over a WebSocket, and what is drawn over them.
import { words } from "./words.js";

const AGAIN_MS = [1000, 2000, 5000, 10_000];

export const LAYERS = [["boxes", "boxes and tracks"], ["flow", "flow"], ["zones", "zones"], ["mask", "mask"], ["heat", "σ heat"]];

/** Show camera `name` on a canvas until `stop()`; `told` gets each look with the limits, `state` a sentence or null. */
export function feed(name, canvas, shown, { told = () => {}, state = () => {} } = {}) {
  let socket = null, facts = null, look = null, stopped = false, tries = 0, timer = null, drawing = false;
  const images = {};

  function open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const wished = new URLSearchParams({ mask: shown.has("mask"), heat: shown.has("heat") });
    socket = new WebSocket(`${scheme}://${location.host}/api/cameras/${encodeURIComponent(name)}/live?${wished}`);
    socket.binaryType = "blob";
    const quiet = setTimeout(() => state("No picture comes. Is monitor watch running for this camera?"), 4000);
    socket.onmessage = async ({ data }) => {
      if (typeof data === "string") {
        const value = JSON.parse(data);
        if (value.limits) facts = value;
        else { look = value; told(look, facts); }
        return;
      }
      clearTimeout(quiet);
      tries = 0;
      const kind = String.fromCharCode(new Uint8Array(await data.slice(0, 1).arrayBuffer())[0]);
      const image = await createImageBitmap(data.slice(1)).catch(() => null);
      if (!image || stopped) return;
      images[kind]?.close();
      images[kind] = image;
      state(null);
      if (!drawing) { drawing = true; requestAnimationFrame(() => { drawing = false; draw(); }); }
    };
    socket.onclose = ({ code, reason }) => {
      clearTimeout(quiet);
      if (stopped) return;
      if (code >= 4000 && code < 5000) { state(reason || "This camera cannot be looked at."); if (code !== 4401) return; }
      else state("The connection is lost; trying again …");
      timer = setTimeout(open, AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)]);
      tries += 1;
    };
  }

  function draw() {
    const picture = images.P;
    if (!picture || stopped) return;
    if (canvas.width !== picture.width || canvas.height !== picture.height) { canvas.width = picture.width; canvas.height = picture.height; }
    const pen = canvas.getContext("2d"), { width, height } = canvas, unit = Math.max(1, width / 640);
    pen.drawImage(picture, 0, 0);
    if (shown.has("heat") && images.H) pen.drawImage(images.H, 0, 0, width, height);
    if (shown.has("mask") && images.M) pen.drawImage(images.M, 0, 0, width, height);
    if (shown.has("zones")) for (const [zone, { points, role }] of Object.entries(facts?.zones ?? {})) outline(pen, zone, points, role, width, height, unit);
    if (shown.has("flow")) for (const [x, y, dx, dy] of look?.flow ?? []) arrow(pen, x * width, y * height, dx * width * 0.4, dy * height * 0.4, unit);
    if (shown.has("boxes")) for (const one of look?.seen ?? []) box(pen, one, width, height, unit);
  }

  function setLayers() {
    for (const kind of ["M", "H"]) { images[kind]?.close(); delete images[kind]; }
    socket?.close();
    draw();
  }

  open();
  return { draw, setLayers, stop: () => { stopped = true; clearTimeout(timer); socket?.close(); for (const image of Object.values(images)) image.close(); } };
}

function box(pen, one, width, height, unit) {
  const [x, y, w, t] = Array.isArray(one.box) ? one.box : [one.box.x, one.box.y, one.box.width, one.box.height];
  pen.lineWidth = 2 * unit;
  pen.strokeStyle = one.counts ? "#ff5d5d" : "#ffd23f";
  pen.strokeRect(x * width, y * height, w * width, t * height);
  pen.font = `${12 * unit}px system-ui, sans-serif`;
  const text = `${one.peak_sigma.toFixed(0)} σ ${(100 * one.area_fraction).toFixed(1)} %${one.counts ? "" : ` · ${words(one.rule)}`}`;
  const wide = pen.measureText(text).width + 8 * unit, left = Math.min(x * width, width - wide), top = Math.max(0, y * height - 17 * unit);
  pen.fillStyle = "#000b"; pen.fillRect(left, top, wide, 16 * unit);
  pen.fillStyle = "#fff"; pen.fillText(text, left + 4 * unit, top + 12.5 * unit);
}

function outline(pen, name, points, role, width, height, unit) {
  pen.strokeStyle = role === "privacy" ? "#999" : role === "ignore" ? "#b7b7ff" : "#5df2a0";
  pen.lineWidth = 1.5 * unit;
  pen.beginPath();
  points.forEach(([x, y], number) => pen[number ? "lineTo" : "moveTo"](x * width, y * height));
  pen.closePath(); pen.stroke();
  pen.font = `${11 * unit}px system-ui, sans-serif`;
  pen.fillStyle = pen.strokeStyle; pen.fillText(name, points[0][0] * width + 3, points[0][1] * height + 13 * unit);
}

function arrow(pen, x, y, dx, dy, unit) {
  if (Math.hypot(dx, dy) < 2) return;
  pen.strokeStyle = "#4fd2ff"; pen.lineWidth = 1.5 * unit;
  const angle = Math.atan2(dy, dx), tip = 5 * unit;
  pen.beginPath(); pen.moveTo(x, y); pen.lineTo(x + dx, y + dy);
  pen.lineTo(x + dx - tip * Math.cos(angle - 0.5), y + dy - tip * Math.sin(angle - 0.5)); pen.stroke();
}
