// The settings as forms, made from their JSON Schema: meaning, unit and range beside each, errors where they are.
import { ask } from "./api.js";
import { fill, h, noFile, problem, tell } from "./dom.js";
import { words } from "./words.js";

export async function show(place) {
  const [schema, given] = await Promise.all([ask("settings/schema"), ask("settings")]);
  const changes = new Map(), fields = new Map(), says = h("div", { role: "status" });
  let version = given.version;
  const save = h("button", { class: "main", disabled: true, onclick: store }, "Save");
  const find = h("input", { type: "search", placeholder: "Find a setting", "aria-label": "Find a setting", oninput: filter });
  const parts = Object.entries(schema.properties).map(([name, part]) => section([name], part, given.values[name])).filter(Boolean);
  fill(place, h("div", { class: "row end" }, h("h1", {}, "Settings"), h("div", { class: "row" }, find, save)),
    version === null ? noFile() : h("p", { class: "soft small" }, `Saved in ${given.file}; comments in it stay. An empty field means its default.`), says, parts);

  function plain(part) {
    if (part?.$ref) return { ...plain(schema.$defs[part.$ref.split("/").at(-1)]), ...Object.fromEntries(Object.entries(part).filter(([key]) => key !== "$ref")) };
    if (part?.allOf?.length === 1) return { ...plain(part.allOf[0]), ...part };
    const options = part?.anyOf?.map(plain);
    if (options) {
      const real = options.filter((one) => one.type !== "null");
      if (real.length === 1) return { ...real[0], ...part, anyOf: undefined, orNull: options.length > 1 };
    }
    return part ?? {};
  }

  function section(path, given_, value) {
    const part = plain(given_);
    if (part.properties) {
      const inner = Object.entries(part.properties).map(([key, one]) => section([...path, key], one, value?.[key])).filter(Boolean);
      return path.length === 1 ? h("details", { class: "panel", style: { marginBottom: "8px" } }, h("summary", {}, words(path[0]), h("span", { class: "soft small" }, part.description ? `: ${part.description.split("\n")[0]}` : "")), inner) : h("fieldset", {}, h("legend", {}, words(path.at(-1))), inner);
    }
    if (part.additionalProperties && typeof part.additionalProperties === "object" && plain(part.additionalProperties).properties) {
      const named = Object.entries(value ?? {});
      const note = path[0] === "zones" || path.at(-1) === "zones" ? h("a", { href: "#/zones" }, "Draw zones on the picture") : null;
      const inner = named.map(([name, one]) => h("fieldset", {}, h("legend", {}, name), Object.entries(plain(part.additionalProperties).properties).map(([key, each]) => section([...path, name, key], each, one?.[key])).filter(Boolean)));
      const content = [h("p", { class: "soft small" }, part.description ?? "", " ", note), named.length ? inner : h("p", { class: "soft small" }, "None yet; add one in the settings file.")];
      return path.length === 1 ? h("details", { class: "panel", style: { marginBottom: "8px" } }, h("summary", {}, words(path[0])), content) : h("fieldset", {}, h("legend", {}, words(path.at(-1))), content);
    }
    return path.length === 1 ? h("div", { class: "panel", style: { marginBottom: "8px" } }, field(path, part, value)) : field(path, part, value);
  }

  function field(path, part, value) {
    const key = path.join("."), id = `set-${key}`, says = h("div", { class: "says", role: "alert" });
    const range = [part.minimum ?? part.exclusiveMinimum, part.maximum ?? part.exclusiveMaximum];
    const unit = part.unit ?? "", hint = [unit, range[0] !== undefined || range[1] !== undefined ? `${range[0] ?? "…"} to ${range[1] ?? "…"}` : "", part.default !== undefined ? `default ${part.default === null ? "none" : JSON.stringify(part.default)}` : ""].filter(Boolean).join(", ");
    let input;
    if (part.type === "boolean") input = h("input", { type: "checkbox", id, checked: value === true, onchange: () => note(input.checked) });
    else if (part.enum) input = h("select", { id, onchange: () => note(input.value === "" ? null : input.value) }, part.orNull ? h("option", { value: "" }, "none") : null, part.enum.filter((one) => one !== null).map((one) => h("option", { value: one, selected: one === value }, String(one))));
    else if (part.type === "number" || part.type === "integer") input = h("input", { id, type: "number", step: part.type === "integer" ? 1 : "any", min: part.minimum, max: part.maximum, value: value ?? "", onchange: () => note(input.value === "" ? null : Number(input.value)) });
    else if (part.type === "string" || (part.type === undefined && typeof value === "string")) input = h("input", { id, value: value ?? "", style: { width: "100%" }, onchange: () => note(input.value === "" ? null : input.value) });
    else input = h("textarea", { id, rows: 2, style: { width: "100%", fontFamily: "monospace" }, onchange: () => { try { note(input.value.trim() ? JSON.parse(input.value) : null); says.textContent = ""; } catch { says.textContent = "This is no JSON: lists are written [1, 2], texts \"so\"."; } } }, value === null || value === undefined ? "" : JSON.stringify(value));
    if (version === null) input.disabled = true;
    const element = h("div", { class: "field", "data-key": `${key} ${part.description ?? ""}`.toLowerCase() }, h("label", { for: id }, words(path.at(-1))), h("div", { class: "small soft" }, part.description ?? ""), input, h("div", { class: "small soft" }, hint), says);
    fields.set(key, { element, says });
    function note(now) { changes.set(key, { path, value: now }); element.classList.remove("wrong"); says.textContent = ""; save.disabled = false; save.textContent = `Save ${changes.size} change${changes.size > 1 ? "s" : ""}`; }
    return element;
  }

  function filter() {
    const wanted = find.value.trim().toLowerCase();
    for (const { element } of fields.values()) element.hidden = wanted !== "" && !element.dataset.key.includes(wanted);
    for (const part of place.querySelectorAll("details, fieldset")) { part.hidden = wanted !== "" && !part.querySelector(".field:not([hidden])"); if (part.tagName === "DETAILS") part.open = wanted !== "" && !part.hidden; }
  }

  async function store() {
    save.disabled = true;
    for (const { element, says: one } of fields.values()) { element.classList.remove("wrong"); one.textContent = ""; }
    try {
      const done = await ask("settings", { method: "PUT", body: { version, changes: [...changes.values()] } });
      version = done.version; changes.clear(); fill(says); save.textContent = "Save";
      tell(done.applied ? "Saved, and taken up by what is being watched." : "Saved; the next start takes it up.");
    } catch (error) {
      save.disabled = false;
      const rest = [];
      for (const line of error.message.split("; ")) {
        const hit = [...fields].find(([key]) => line.includes(key));
        if (hit) { hit[1].element.classList.add("wrong"); hit[1].says.textContent = line; hit[1].element.closest("details")?.setAttribute("open", ""); } else rest.push(line);
      }
      fill(says, problem(new Error(rest.length ? rest.join("; ") : "Not saved: see the marked fields.")));
      place.querySelector(".wrong")?.scrollIntoView({ block: "center" });
    }
  }
}
