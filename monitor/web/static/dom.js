// Small helpers over the DOM: everything that is shown goes in as text, never as markup.

/** Return a new element: `h("a", {href: "#", onclick: go}, "text", other)`; null children are left out. */
export function h(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** Return a new SVG element. */
export function s(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function filled(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "style") Object.assign(element.style, value);
    else if (key in element && !(element instanceof SVGElement) && typeof value !== "string") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Put children in the place of what an element holds; null ones are left out. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
}

/** Tell the user something for a few seconds, also through a screen reader. */
export function tell(text) {
  const line = h("div", {}, text);
  document.getElementById("told").append(line);
  setTimeout(() => line.remove(), 6000);
}

/** Return what is shown where something went wrong, with a way on. */
export function problem(error, again) {
  return h("div", { class: "problem", role: "alert" }, error.message ?? String(error), " ",
    again && h("button", { onclick: again }, "Try again"));
}

/** Return what is shown where there is nothing. */
export function empty(text, ...more) {
  return h("div", { class: "state" }, h("p", {}, text), more);
}

/** Return a table that scrolls sideways where it must, also by keys; `heads` may be null. */
export function table(title, heads, rows) {
  return h("div", { class: "panel scroll", role: "region", "aria-label": title, tabindex: "0" },
    h("table", {}, heads && h("thead", {}, h("tr", {}, heads.map((head) => (head === "" ? h("td", {}) : typeof head === "string" ? h("th", { scope: "col" }, head) : head)))), h("tbody", {}, rows)));
}

/** Return a text with what stands between `backticks` as code. */
export function prose(text) {
  return text.split("`").map((part, number) => (number % 2 ? h("code", {}, part) : part));
}

/** Return what is shown where settings cannot be saved, and what to do. */
export function noFile() {
  return h("div", { class: "hint" }, "The page was started without a settings file, so nothing can be saved here. Make one once with ", h("code", {}, "monitor config init monitor.yaml"), " and start with ", h("code", {}, "--config monitor.yaml"), ".");
}
