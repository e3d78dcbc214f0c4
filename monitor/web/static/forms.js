// Forms made from the JSON Schema of the settings: sections, maps of named entries, and fields.
import { fill, h, prose } from "./dom.js";
import { fieldOf, nameOf } from "./fields.js";

const ENTRY = { cameras: "camera", zones: "zone", apprise: "channel", mqtt: "broker", webhook: "webhook", command: "command", gpio: "lamp or relay", heartbeat: "heartbeat" };

export class Forms {
  /** `changed` is called after every change of the draft. */
  constructor(schema, draft, { disabled, changed }) {
    Object.assign(this, { schema, draft, disabled, changed });
    this.fields = new Map();
    this.waiting = new Map();
  }

  /** Return the sections, each made when it is opened. */
  all() { return Object.entries(this.schema.properties).map(([name, part]) => this.top(name, this.plain(part))); }

  /** Make all that was not opened yet. */
  make() { for (const build of [...this.waiting.values()]) build(); }

  top(name, part) {
    if (!part.properties && !entryOf(part)) return h("div", { class: "panel part" }, this.field([name], part));
    const inside = h("div", {}), build = () => { if (this.waiting.delete(name)) fill(inside, this.content([name], part)); };
    this.waiting.set(name, build);
    return h("details", { class: "panel part", id: `part-${name}`, ontoggle: build },
      h("summary", {}, nameOf(name), h("span", { class: "soft small" }, part.description ? [": ", prose(part.description.split("\n")[0])] : "")), inside);
  }

  content(path, part) {
    const entry = entryOf(part);
    if (entry) return this.map(path, this.plain(entry[1]), new RegExp(entry[0], "u"));
    return Object.entries(part.properties).map(([key, given]) => {
      const inner = this.plain(given), below = [...path, key];
      if (!inner.properties && !entryOf(inner)) return this.field(below, inner);
      const text = entryOf(inner) && inner.description ? h("p", { class: "soft small" }, prose(inner.description)) : null;
      // What an entry has besides its own fields is opened when it is wanted; its name alone says what it is.
      return path.length > 1 ? h("details", { class: "inner" }, h("summary", {}, nameOf(key)), text, this.content(below, inner))
        : h("fieldset", {}, h("legend", {}, nameOf(key)), text, this.content(below, inner));
    });
  }

  /** Return a map: its entries, each to be renamed or removed, and a line that adds one. */
  map(path, part, pattern) {
    const place = h("div", {}), what = ENTRY[path.at(-1)] ?? "entry";
    const draw = () => {
      for (const key of this.fields.keys()) if (key.startsWith(`${path.join(".")}.`)) this.fields.delete(key);
      const names = Object.keys(this.draft.at(path) ?? {});
      fill(place, names.map((name) => this.entry([...path, name], part, { what, pattern, draw })), this.disabled ? null : this.adder(path, what, pattern, draw));
    };
    draw();
    return place;
  }

  entry(path, part, { what, pattern, draw }) {
    const name = path.at(-1), drawn = path.at(-2) === "zones" ? h("a", { href: `#/zones${path[0] === "cameras" ? `/${encodeURIComponent(path[1])}` : ""}` }, "Draw it on the picture") : null;
    const rename = () => {
      const to = prompt(`New name of the ${what} ${name}${path.length === 2 && path[0] === "cameras" ? "; its recordings and events stay under the old one" : ""}:`, name)?.trim();
      if (!to || to === name) return;
      const fault = this.fault(path.slice(0, -1), to, pattern);
      if (fault) { alert(fault); return; }
      this.draft.rename(path, to); draw(); this.changed();
    };
    const remove = () => { if (confirm(`Remove the ${what} ${name}?`)) { this.draft.remove(path); draw(); this.changed(); } };
    return h("details", { class: "inner entry", open: this.draft.isNew(path) }, h("summary", {}, name), h("div", { class: "row end" }, drawn ?? h("span", {}), this.disabled ? null : h("div", { class: "row" },
      h("button", { type: "button", "aria-label": `Rename ${name}`, onclick: rename }, "Rename"), h("button", { type: "button", "aria-label": `Remove ${name}`, onclick: remove }, "Remove"))), this.content(path, part));
  }

  adder(path, what, pattern, draw) {
    const says = h("div", { class: "says", role: "alert" }), name = h("input", { "aria-label": `Name of a new ${what}`, placeholder: "Name", maxLength: 40 });
    const add = (event) => {
      event.preventDefault();
      const given = name.value.trim();
      says.textContent = this.fault(path, given, pattern) ?? "";
      if (says.textContent) return;
      this.draft.add([...path, given]); draw(); this.changed();
    };
    return h("form", { class: "adder", onsubmit: add }, h("div", { class: "row" }, name, h("button", {}, `Add a ${what}`)), says);
  }

  fault(path, name, pattern) {
    if (!pattern.test(name)) return "A name has 1 to 40 letters, digits, - and _.";
    return name in (this.draft.at(path) ?? {}) ? `There is one named ${name} already.` : null;
  }

  field(path, part) {
    const made = fieldOf(path, part, this.draft.at(path), (value) => { this.draft.set(path, value); this.changed(); }, this.disabled);
    this.fields.set(path.join("."), made);
    return made.element;
  }

  /** Return a part of the schema with what it refers to in its place. */
  plain(part) {
    if (part?.$ref) {
      const { $ref, ...own } = part;
      return { ...this.plain(this.schema.$defs[$ref.split("/").at(-1)]), ...own };
    }
    const options = part?.anyOf?.map((each) => this.plain(each)), real = options?.filter((each) => each.type !== "null");
    return real?.length === 1 ? { ...real[0], ...part, type: real[0].type, orNull: options.length > 1 } : part ?? {};
  }
}

/** Return pattern and schema of the entries of a map, null for what is none. */
function entryOf(part) { return part.patternProperties ? Object.entries(part.patternProperties)[0] : null; }
