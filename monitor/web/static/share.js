// Showing one event to others: to those who can log in here, and for a time to whoever has a link.
import { ask } from "./api.js";
import { fill, h, problem, tell } from "./dom.js";
import { moment } from "./words.js";

const LASTS = [[1, "an hour"], [24, "a day"], [168, "a week"], [720, "a month"], [2160, "three months"]];
const LOCAL = ["localhost", "127.0.0.1", "[::1]"];

/** Ask how long a link to an event is to work, make it, and show those that there are. */
export async function shareDialog(event, me) {
  const hours = h("select", { id: "lasts" }, LASTS.map(([value, text]) => h("option", { value, selected: value === 168 }, text)));
  const made = h("div", { "aria-live": "polite" }), others = h("div", {});
  const outside = me.role === "admin" ? [
    h("p", {}, "A link for somebody without an account shows this event alone: its clip, its picture and why it fired. Nothing can be changed with it."),
    h("div", { class: "row" }, h("label", { for: "lasts" }, "It works for"), hours, h("button", { class: "main", onclick: make }, "Make a link")), made, others,
  ] : h("p", {}, "Whoever opens this link must be able to log in here. Links for others are made by an admin.");
  const dialog = h("dialog", { "aria-labelledby": "share-title", onclose: () => dialog.remove() },
    h("h2", { id: "share-title", class: "first" }, "Share this event"), outside,
    h("h3", {}, "For those who can log in here"), linkLine(location.href, "Link for those who can log in"),
    h("div", { class: "row end" }, h("span", {}), h("button", { onclick: () => dialog.close() }, "Close")));
  document.body.append(dialog);
  dialog.showModal();
  if (me.role === "admin") await list();

  async function make() {
    try {
      const link = await ask(`events/${encodeURIComponent(event.id)}/shares`, { method: "POST", body: { hours: Number(hours.value) } });
      fill(made, linkLine(location.origin + link.path, "Link for anybody"), h("p", { class: "small" }, `Whoever has it can look until ${moment(link.ends)}. It is shown only now; it can be taken back here or under People.`),
        LOCAL.includes(location.hostname) ? h("p", { class: "hint" }, "This link leads to this machine alone, because the page is open at its own address. Open the page under its name in the network first, and share from there.") : null);
      await list();
    } catch (error) { fill(made, problem(error)); }
  }

  async function list() {
    const found = (await ask("shares").catch(() => [])).filter((each) => each.event === event.id);
    fill(others, found.length ? h("h3", {}, "Links that work now") : null, found.map((each) => h("div", { class: "row end" }, h("span", { class: "small" }, `by ${each.maker}, until ${moment(each.ends)}`), h("button", { onclick: () => takeBack(each, list) }, "Take back"))));
  }
}

/** Take a link back, then do `after`. */
export async function takeBack(share, after) {
  try {
    await ask(`shares/${encodeURIComponent(share.id)}`, { method: "DELETE" });
    tell("That link works no more.");
  } catch (error) { tell(error.message); }
  await after();
}

function linkLine(link, title) {
  const field = h("input", { value: link, readOnly: true, "aria-label": title, class: "wide", onfocus: () => field.select() });
  const copy = async () => {
    field.select();
    // Without TLS browsers give no clipboard, but still copy what is chosen.
    try { await navigator.clipboard.writeText(link); } catch { document.execCommand("copy"); }
    tell("The link is copied.");
  };
  return h("div", { class: "row line" }, field, h("button", { onclick: copy }, "Copy"));
}
