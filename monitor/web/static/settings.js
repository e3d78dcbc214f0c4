// The settings as forms: found by a word, saved together, with each mistake at its field.
import { ask } from "./api.js";
import { fill, h, noFile, problem, tell } from "./dom.js";
import { Draft } from "./draft.js";
import { Forms } from "./forms.js";

export async function show(place, { rest: [asked] }) {
  const [schema, given] = await Promise.all([ask("settings/schema"), ask("settings")]);
  const draft = new Draft(given.values), says = h("div", { role: "status" });
  const save = h("button", { class: "main", disabled: true, onclick: store }, "Save");
  const find = h("input", { type: "search", placeholder: "Find a setting", "aria-label": "Find a setting", oninput: filter });
  const forms = new Forms(schema, draft, { disabled: given.version === null, changed: tellSize });
  fill(place, h("div", { class: "row end sticky" }, h("h1", {}, "Settings"), h("div", { class: "row" }, find, save)),
    given.version === null ? noFile() : h("p", { class: "soft small" }, `Saved in ${given.file}; comments in it stay. An empty field means its default.`), says, forms.all());
  const first = asked && place.querySelector(`#part-${CSS.escape(asked)}`);
  if (first) { first.open = true; first.scrollIntoView(); }

  function tellSize() {
    save.disabled = draft.size === 0;
    save.textContent = draft.size ? `Save ${draft.size} change${draft.size > 1 ? "s" : ""}` : "Save";
  }

  function filter() {
    const wanted = find.value.trim().toLowerCase();
    if (wanted) forms.make();
    for (const { element } of forms.fields.values()) element.hidden = wanted !== "" && !element.dataset.key.includes(wanted);
    for (const part of place.querySelectorAll("details, fieldset, .adder")) {
      part.hidden = wanted !== "" && !part.querySelector(".field:not([hidden])");
      if (part.tagName === "DETAILS") part.open = wanted !== "" && !part.hidden;
    }
  }

  async function store() {
    save.disabled = true;
    for (const { element, says: one } of forms.fields.values()) { element.classList.remove("wrong"); one.textContent = ""; }
    try {
      const done = await ask("settings", { method: "PUT", body: { version: given.version, changes: draft.changes } });
      given.version = done.version;
      draft.forget();
      fill(says);
      tell(done.applied ? "Saved, and taken up by what is being watched." : "Saved; the next start takes it up.");
    } catch (error) {
      forms.make();
      const rest = error.message.split("; ").filter((line) => !mark(line));
      fill(says, problem(new Error(rest.length ? rest.join("; ") : "Not saved: see the marked fields.")));
      place.querySelector(".wrong")?.scrollIntoView({ block: "center" });
    }
    tellSize();
  }

  /** Show a sentence at the field that it names; return whether there is one. */
  function mark(line) {
    const named = [...forms.fields].filter(([key]) => line.includes(key)).sort(([one], [other]) => other.length - one.length)[0];
    if (!named) return false;
    const [, { element, says: at }] = named;
    element.classList.add("wrong");
    at.textContent = line.replace(/^\S+:\d+: /, "");
    for (let part = element.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    return true;
  }

  const leaving = (event) => { if (draft.size) event.preventDefault(); };
  addEventListener("beforeunload", leaving);
  return () => removeEventListener("beforeunload", leaving);
}
