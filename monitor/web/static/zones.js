// Zones drawn on a camera's picture by mouse, touch and keys; saved into the settings file.
import { ask } from "./api.js";
import { empty, fill, h, noFile, problem, s, tell } from "./dom.js";

const COLOURS = { include: "#2fbf71", exclude: "#e0a100", privacy: "#8a93a0" };
const MEANING = { include: "only motion inside counts", exclude: "motion inside is ignored", privacy: "ignored, and black in all that is stored or shown" };

export async function show(place, { rest: [asked] }) {
  const cameras = (await ask("cameras")).filter((each) => each.is_here);
  const name = asked ?? cameras[0]?.name;
  if (!name) { fill(place, h("h1", {}, "Zones"), empty("There is no camera on this machine to draw zones for.")); return null; }
  const choice = h("select", { "aria-label": "Camera", onchange: () => { location.hash = `#/zones/${encodeURIComponent(choice.value)}`; } }, cameras.map((each) => h("option", { value: each.name, selected: each.name === name }, each.name)));
  const head = h("div", { class: "row" }, h("h1", {}, "Zones"), choice);
  let given;
  try { given = await ask(`zones/${encodeURIComponent(name)}`); }
  catch (error) { fill(place, head, h("div", { class: "hint" }, error.message)); return null; }

  let zones = given.zones, version = given.version, chosen = zones.length ? 0 : -1, drawing = null, saved = JSON.stringify(zones);
  const past = [], future = [];
  const picture = h("img", { alt: `Picture of ${name}`, src: `/api/cameras/${encodeURIComponent(name)}/picture` }), over = h("p", {}, "Waiting for a picture …");
  const svg = s("svg", { class: "zones", viewBox: "0 0 1000 1000", preserveAspectRatio: "none", tabindex: "0", role: "application", "aria-label": "Zones on the picture" });
  const stage = h("div", { class: "picture" }, picture, over, svg), list = h("div", {}), says = h("div", { role: "status" });
  picture.addEventListener("load", () => { over.hidden = true; stage.style.aspectRatio = `${picture.naturalWidth} / ${picture.naturalHeight}`; });
  picture.addEventListener("error", () => { picture.hidden = true; over.hidden = false; over.textContent = "No picture comes now; zones can be drawn all the same."; });

  const button = (text, act, attributes = {}) => h("button", { onclick: act, ...attributes }, text);
  const undo = button("Undo", () => step(past, future)), redo = button("Redo", () => step(future, past)), save = button("Save", store, { class: "main" });
  fill(place, head, h("p", { class: "soft small" }, "New zone: press the button, then click its corners; the first corner, or Enter, closes it, Escape gives it up. Drag corners to move them; a double click on one takes it away."),
    h("div", { class: "one" }, h("div", {}, stage, h("div", { class: "row", style: { marginTop: "8px" } }, button("New zone", begin), undo, redo, save, button("New picture", () => { picture.hidden = false; over.hidden = true; picture.src = `/api/cameras/${encodeURIComponent(name)}/picture?${Date.now()}`; })), says), h("div", { class: "panel" }, list)));

  function keep() { past.push(JSON.stringify(zones)); future.length = 0; if (past.length > 100) past.shift(); }
  function step(from, to) { if (!from.length) return; to.push(JSON.stringify(zones)); zones = JSON.parse(from.pop()); chosen = Math.min(chosen, zones.length - 1); drawing = null; draw(); }
  function begin() { drawing = []; chosen = -1; svg.focus(); draw(); }
  function close() {
    if (!drawing || drawing.length < 3) return;
    keep();
    let number = zones.length + 1;
    while (zones.some((zone) => zone.name === `zone${number}`)) number += 1;
    zones.push({ name: `zone${number}`, role: "include", points: drawing, sensitivity: 1, shared: false });
    drawing = null; chosen = zones.length - 1; draw();
  }

  const at = (event) => { const box = svg.getBoundingClientRect(), cut = (value) => Math.min(1, Math.max(0, Math.round(value * 1e4) / 1e4)); return [cut((event.clientX - box.left) / box.width), cut((event.clientY - box.top) / box.height)]; };
  let held = null;
  svg.addEventListener("pointerdown", (event) => {
    const corner = event.target.dataset?.corner;
    if (drawing) {
      if (corner === "0" && drawing.length > 2) close();
      else { drawing.push(at(event)); draw(); }
      return;
    }
    if (corner !== undefined) { keep(); held = { points: zones[chosen].points, corner: Number(corner) }; svg.setPointerCapture(event.pointerId); return; }
    if (event.target.dataset?.zone !== undefined) { chosen = Number(event.target.dataset.zone); keep(); held = { points: zones[chosen].points, from: at(event), start: structuredClone(zones[chosen].points), moved: false }; svg.setPointerCapture(event.pointerId); draw(); }
  });
  svg.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [x, y] = at(event);
    if (held.corner !== undefined) held.points[held.corner] = [x, y];
    else {
      let [dx, dy] = [x - held.from[0], y - held.from[1]];
      for (const [px, py] of held.start) { dx = Math.min(Math.max(dx, -px), 1 - px); dy = Math.min(Math.max(dy, -py), 1 - py); }
      held.moved ||= Math.abs(dx) + Math.abs(dy) > 0.005;
      if (held.moved) held.start.forEach(([px, py], number) => { held.points[number] = [px + dx, py + dy]; });
    }
    draw(true);
  });
  const drop = () => { if (held && held.moved === false) past.pop(); held = null; draw(); };
  svg.addEventListener("pointerup", drop);
  svg.addEventListener("pointercancel", drop);
  svg.addEventListener("dblclick", (event) => { const corner = event.target.dataset?.corner; if (corner !== undefined && !drawing && zones[chosen].points.length > 3) { keep(); zones[chosen].points.splice(Number(corner), 1); draw(); } });
  svg.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-0.01, 0], ArrowRight: [0.01, 0], ArrowUp: [0, -0.01], ArrowDown: [0, 0.01] }[event.key];
    if (event.key === "Enter") close();
    else if (event.key === "Escape") { drawing = null; draw(); }
    else if (move && chosen >= 0) { const points = zones[chosen].points; if (points.every(([x, y]) => x + move[0] >= 0 && x + move[0] <= 1 && y + move[1] >= 0 && y + move[1] <= 1)) { keep(); zones[chosen].points = points.map(([x, y]) => [x + move[0], y + move[1]]); draw(); } }
    else if ((event.key === "Delete" || event.key === "Backspace") && chosen >= 0) remove(chosen);
    else if (event.ctrlKey && event.key === "z") step(past, future);
    else return;
    event.preventDefault();
  });

  function remove(number) {
    if (zones[number].shared && !confirm("This zone is one of all cameras: it goes from all of them.")) return;
    keep(); zones.splice(number, 1); chosen = Math.min(number, zones.length - 1); draw();
  }

  function draw(quick = false) {
    const text = (points) => points.map(([x, y]) => `${1000 * x},${1000 * y}`).join(" "), box = svg.getBoundingClientRect(), ratio = box.width && box.height ? box.width / box.height : 16 / 9, round = 12 * (640 / Math.max(box.width, 320));
    const corner = ([x, y], number) => s("ellipse", { cx: 1000 * x, cy: 1000 * y, rx: round, ry: round * ratio, fill: "#fff", stroke: "#111", "stroke-width": 2, "vector-effect": "non-scaling-stroke", "data-corner": number });
    fill(svg, ...zones.map((zone, number) => s("polygon", { points: text(zone.points), fill: COLOURS[zone.role], stroke: number === chosen ? "#fff" : COLOURS[zone.role], "data-zone": number })),
      ...(drawing ? [s("polyline", { points: text(drawing), fill: "none", stroke: "#fff", "stroke-width": 2, "vector-effect": "non-scaling-stroke" }), ...drawing.map(corner)] : chosen >= 0 ? zones[chosen].points.map(corner) : []));
    undo.disabled = !past.length; redo.disabled = !future.length; save.disabled = version === null || JSON.stringify(zones) === saved;
    if (!quick) describe();
  }

  function describe() {
    const change = (zone, key, value) => { keep(); zone[key] = value; draw(); };
    fill(list, h("h2", { style: { marginTop: 0 } }, zones.length ? "Zones" : "No zone yet: all of the picture counts"), ...zones.map((zone, number) => h("fieldset", { style: number === chosen ? { borderColor: "var(--accent)" } : {} }, h("legend", {}, h("button", { class: "quiet", "aria-pressed": "false", onclick: () => { chosen = number; draw(); } }, zone.name, zone.shared ? " (all cameras)" : "")),
      h("div", { class: "field" }, h("label", { for: `name${number}` }, "Name"), h("input", { id: `name${number}`, value: zone.name, maxLength: 40, pattern: "[\\p{L}\\p{N}_\\-]+", onchange: (event) => change(zone, "name", event.target.value.trim()) })),
      h("div", { class: "field" }, h("label", { for: `role${number}` }, "Role"), h("select", { id: `role${number}`, onchange: (event) => change(zone, "role", event.target.value) }, Object.entries(MEANING).map(([role, meaning]) => h("option", { value: role, selected: role === zone.role }, `${role}: ${meaning}`)))),
      h("div", { class: "field" }, h("label", { for: `much${number}` }, `Sensitivity: ${zone.sensitivity} times`), h("input", { id: `much${number}`, type: "range", min: -1, max: 1, step: 0.05, value: String(Math.log10(zone.sensitivity)), onchange: (event) => change(zone, "sensitivity", Number((10 ** event.target.value).toPrecision(2))) })),
      h("button", { onclick: () => remove(number) }, "Remove"))), version === null ? [noFile(), zones.length ? [h("p", { class: "small soft" }, "These zones, to be put into that file:"), h("pre", { tabindex: "0" }, asYaml())] : null] : null);
  }

  /** Return the zones as a settings file has them. */
  function asYaml() {
    const corners = (points) => points.map(([x, y]) => `[${x.toFixed(3)}, ${y.toFixed(3)}]`).join(", ");
    return ["zones:", ...zones.flatMap((zone) => [`  ${zone.name}:`, `    role: ${zone.role}`, `    points: [${corners(zone.points)}]`, ...(zone.sensitivity === 1 ? [] : [`    sensitivity: ${zone.sensitivity}`])])].join("\n");
  }

  async function store() {
    save.disabled = true;
    try {
      const done = await ask(`zones/${encodeURIComponent(name)}`, { method: "PUT", body: { version, zones } });
      version = done.version; saved = JSON.stringify(zones);
      fill(says); tell(done.applied ? "Saved, and taken up by the camera." : "Saved; the next monitor watch takes them up.");
    } catch (error) { fill(says, problem(error)); }
    draw();
  }
  const leaving = (event) => { if (JSON.stringify(zones) !== saved) event.preventDefault(); };
  addEventListener("beforeunload", leaving);
  requestAnimationFrame(() => draw());
  return () => removeEventListener("beforeunload", leaving);
}
