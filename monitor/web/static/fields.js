// One setting as a control: what fits its type, with unit, range and default beside it.
import { h, prose } from "./dom.js";
import { capital, words } from "./words.js";

const UNITS = /_(s|px|hz|mb|gb|nats|days|minutes|fraction)$/;
const LINES = 3;
const HIDDEN = "***";

/** Return what a setting is called: without the unit, which stands behind the number. */
export function nameOf(key, part = {}) {
  return capital(words(part.unit ? key.replace(UNITS, "") : key));
}

/** Return `{element, says}`: a labelled control that calls `set` with each new value, null for the default. */
export function fieldOf(path, part, value, set, disabled) {
  const id = `set-${path.join(".")}`, says = h("div", { class: "says", role: "alert" });
  const wrong = (text) => { says.textContent = text; };
  const take = (now) => { wrong(""); element.classList.remove("wrong"); set(now); };
  const { control, labelled } = controlOf(id, part, value ?? part.default, take, wrong);
  for (const each of control.matches?.("input, select, textarea") ? [control] : control.querySelectorAll("input")) each.disabled = disabled;
  const name = nameOf(path.at(-1), part), hint = hintOf(part, path);
  const element = h("div", { class: "field", "data-key": `${path.join(".")} ${part.description ?? ""}`.toLowerCase() },
    labelled ? h("label", { for: id }, name) : h("span", { id: `${id}-name`, class: "name" }, name),
    part.description ? h("div", { class: "small soft" }, prose(part.description)) : null,
    h("div", { class: "row" }, control, part.unit ? h("span", { class: "soft" }, part.unit) : null),
    hint ? h("div", { class: "small soft" }, prose(hint)) : null, says);
  return { element, says };
}

function hintOf(part, path) {
  const low = part.minimum ?? part.exclusiveMinimum, high = part.maximum ?? part.exclusiveMaximum;
  const range = low === undefined && high === undefined ? part.allowed ?? "" : low === undefined ? `at most ${high}` : high === undefined ? `at least ${low}` : `${low} to ${high}`;
  const isOwn = part.default === null && path[0] === "cameras" && path.length > 3;
  const normal = part.default === undefined || part.type === "boolean" ? "" : isOwn ? "empty: as for all cameras" : `default ${said(part.default)}`;
  return [range, normal].filter(Boolean).join("; ");
}

function said(value) {
  if (value === null || value === "" || value?.length === 0) return "none";
  return Array.isArray(value) ? value.join(", ") : String(value);
}

function controlOf(id, part, value, take, wrong) {
  const items = part.items ?? {};
  if (part.type === "boolean" && part.orNull) return on(choice(id, { enum: ["yes", "no"], orNull: "as for all cameras" }, { true: "yes", false: "no" }[value], (now) => take(now === null ? null : now === "yes")));
  if (part.type === "boolean") return on(h("input", { id, type: "checkbox", checked: value === true, onchange: (event) => take(event.target.checked) }));
  if (part.enum) return on(choice(id, part, value, take));
  if (part.type === "number" || part.type === "integer") return on(number(id, part, value, (text) => take(text === "" ? null : Number(text))));
  if (part.prefixItems) return { control: tuple(id, part, value, take, wrong), labelled: false };
  if (part.type === "array" && items.enum && part.default?.length === 0) return { control: several(id, items.enum, value, take), labelled: false };
  if (part.type === "array" && items.type === "string") return on(lines(id, value, (text) => text, take, wrong));
  if (part.type === "array") return on(lines(id, value, numbers, take, wrong));
  return on(h("input", { id, class: "wide", value: value === HIDDEN ? "" : value ?? "", placeholder: value === HIDDEN ? "is set, and not shown; type another to change it" : null, pattern: part.pattern, oninput: (event) => take(event.target.value === "" ? null : event.target.value) }));
}

const on = (control) => ({ control, labelled: true });

function number(id, part, value, take, label) {
  return h("input", { id, type: "number", "aria-label": label, step: part.type === "integer" ? 1 : "any", min: part.minimum, max: part.maximum, value: String(value ?? ""), oninput: (event) => take(event.target.value) });
}

function choice(id, part, value, take) {
  const options = part.enum.filter((each) => each !== null).map((each) => h("option", { value: each, selected: each === value }, words(String(each))));
  return h("select", { id, onchange: (event) => take(event.target.value === "" ? null : event.target.value) },
    part.orNull ? h("option", { value: "" }, part.orNull === true ? "none" : part.orNull) : null, options);
}

/** Some of many: none is all, as the description says. */
function several(id, names, value, take) {
  const chosen = new Set(value ?? []);
  return h("div", { class: "row", role: "group", "aria-labelledby": `${id}-name` }, names.map((name) => h("label", {}, h("input", {
    type: "checkbox", checked: chosen.has(name), onchange: (event) => { if (event.target.checked) chosen.add(name); else chosen.delete(name); take(names.filter((each) => chosen.has(each))); },
  }), words(name))));
}

function tuple(id, part, value, take, wrong) {
  const names = ["width", "height"], now = [...(value ?? part.prefixItems.map(() => null))];
  const change = (number_, text) => {
    now[number_] = text === "" ? null : Number(text);
    if (now.every((each) => each === null)) take(null);
    else if (now.includes(null)) wrong("Give both numbers, or neither.");
    else take([...now]);
  };
  return h("div", { class: "row", role: "group", "aria-labelledby": `${id}-name` }, part.prefixItems.map((one, position) => [position ? "×" : null, number(null, one, now[position], (text) => change(position, text), names[position])]));
}

function lines(id, value, read, take, wrong) {
  const text = (value ?? []).map((each) => (Array.isArray(each) ? each.join(", ") : each)).join("\n");
  return h("textarea", { id, class: "wide", rows: Math.max(LINES, (value ?? []).length), placeholder: "one in each line", oninput: (event) => {
    const given = event.target.value.split("\n").map((line) => line.trim()).filter(Boolean).map(read);
    if (given.includes(null)) wrong("In each line numbers with a comma between them.");
    else take(given.length ? given : null);
  } }, text);
}

function numbers(line) {
  const found = line.split(",").map(Number);
  return found.some(Number.isNaN) ? null : found;
}
