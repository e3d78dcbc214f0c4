// Who may use the page: people, their log-ins, links for others, tokens for scripts, and who changed what.
import { ask } from "./api.js";
import { empty, fill, h, table, tell } from "./dom.js";
import { takeBack } from "./share.js";
import { moment } from "./words.js";

const ROLES = [["viewer", "viewer: looks, and says whether an alarm was true"], ["admin", "admin: changes, of all cameras"]];
const ASKED = ["users", "tokens", "sessions", "shares", "audit", "cameras"];

export async function show(place) {
  const [users, tokens, sessions, shares, audit, cameras] = await Promise.all(ASKED.map((each) => ask(each)));
  const names = [...new Set(cameras.map((camera) => camera.name))];

  async function again(work, done) {
    try {
      const value = await work();
      tell(done);
      await show(place);
      return value;
    } catch (error) { tell(error.message); return null; }
  }

  const remove = (path, what) => h("button", { "aria-label": `Remove ${what}`, onclick: () => confirm(`Remove ${what}?`) && again(() => ask(path, { method: "DELETE" }), `${what} is gone.`) }, "Remove");
  const seen = (who) => (who.role === "admin" || who.cameras === null || who.cameras === undefined ? "all" : who.cameras.join(", ") || "none");
  const path = (kind, id) => `${kind}/${encodeURIComponent(id)}`;
  const dialogOf = (title, given, send) => personDialog(title, given, names, send);

  const addUser = () => dialogOf("Add somebody", { password: "Password" }, (body) => ask("users", { method: "POST", body }).then(() => again(async () => {}, `${body.name} may log in.`)));
  const changeUser = (user) => dialogOf(`Change ${user.name}`, { ...user, password: "New password, empty: as it is" }, ({ name, ...body }) => ask(path("users", name), { method: "PUT", body }).then(() => again(async () => {}, `${name} is changed.`)));
  const addToken = () => dialogOf("Make a token", {}, async (body) => {
    const made = await ask("tokens", { method: "POST", body });
    await again(async () => {}, "The token is made.");
    place.prepend(h("div", { class: "hint", role: "alert" }, "Copy it now, it is not shown again: ", h("code", {}, made.secret)));
  });

  const userRow = (user) => h("tr", {}, h("th", { scope: "row" }, user.name), h("td", {}, user.role), h("td", {}, seen(user)),
    h("td", { class: "acts" }, h("button", { "aria-label": `Change ${user.name}`, onclick: () => changeUser(user) }, "Change"), " ", remove(path("users", user.name), user.name)));
  const sessionRow = (each) => h("tr", {}, h("td", {}, each.user), h("td", {}, each.address), h("td", { class: "small long" }, each.agent), h("td", { class: "when" }, moment(each.used)),
    h("td", { class: "acts" }, each.is_this ? "this one" : h("button", { "aria-label": `End the log-in of ${each.user}`, onclick: () => again(() => ask(path("sessions", each.id), { method: "DELETE" }), "That log-in has ended.") }, "End")));
  const shareRow = (each) => h("tr", {}, h("td", {}, h("a", { href: `#/event/${encodeURIComponent(each.event)}` }, "the event")), h("td", {}, each.maker), h("td", { class: "when" }, moment(each.made)), h("td", { class: "when" }, moment(each.ends)),
    h("td", { class: "acts" }, h("button", { onclick: () => takeBack(each, () => show(place)) }, "Take back")));
  const tokenRow = (token) => h("tr", {}, h("th", { scope: "row" }, token.name), h("td", {}, token.role), h("td", {}, seen(token)), h("td", { class: "when" }, token.used ? moment(token.used) : "never"), h("td", { class: "acts" }, remove(path("tokens", token.id), token.name)));
  const auditRow = (line) => h("tr", {}, h("td", { class: "when" }, moment(line.at)), h("td", {}, line.who), h("td", { class: "long" }, line.what));
  const part = (title, text, rows, heads, ...more) => [h("h2", {}, title), text ? h("p", { class: "soft" }, text) : null, rows.length ? table(title, heads, rows) : h("p", { class: "soft" }, "None yet."), more];

  fill(place, h("div", { class: "row end top" }, h("h1", {}, "People"), users.length ? h("button", { class: "main", onclick: addUser }, "Add somebody") : null),
    users.length ? table("People", ["Name", "Role", "Cameras", ""], users.map(userRow))
      : empty("There is no user: everybody at this machine may do everything.", h("p", {}, "The first user is added at the machine itself: ", h("code", {}, "monitor user add NAME"))),
    part("Log-ins", null, sessions.map(sessionRow), ["Who", "From", "With", "Last used", ""]),
    part("Links for others", "Each shows one event to whoever has it. They are made with Share beside an event.", shares.map(shareRow), ["Event", "Made by", "Made", "Works until", ""]),
    part("Tokens for scripts", ["A script sends ", h("code", {}, "Authorization: Bearer TOKEN"), ". The API is described at ", h("a", { href: "/docs" }, "/docs"), "."], tokens.map(tokenRow), ["Name", "Role", "Cameras", "Last used", ""],
      h("p", {}, h("button", { onclick: addToken }, "Make a token"))),
    part("Who changed what", null, audit.map(auditRow), ["When", "Who", "What"]));
}

/** Ask for name, role, cameras and, where `given.password` says how, a password; close when `send` went well. */
function personDialog(title, given, names, send) {
  const isKnown = given.name !== undefined, says = h("p", { class: "bad", role: "alert" });
  const name = h("input", { id: "person-name", required: true, maxLength: 100, value: given.name ?? "", readOnly: isKnown, autocomplete: "off" });
  const password = given.password ? h("input", { id: "person-password", type: "password", required: !isKnown, autocomplete: "new-password" }) : null;
  const role = h("select", { id: "person-role", onchange: tellRole }, ROLES.map(([value, text]) => h("option", { value, selected: value === given.role }, text)));
  const all = h("input", { type: "checkbox", checked: given.cameras === null || given.cameras === undefined, onchange: tellRole });
  const ticks = [...new Set([...names, ...(given.cameras ?? [])])].map((each) => [each, h("input", { type: "checkbox", checked: given.cameras?.includes(each) ?? false })]);
  const some = h("div", { class: "row" }, ticks.map(([each, tick]) => h("label", {}, tick, each))), cameras = h("fieldset", {}, h("legend", {}, "Cameras"), h("label", {}, all, "all, also those that come later"), some);

  function tellRole() {
    cameras.hidden = role.value === "admin";
    some.hidden = all.checked;
  }

  async function store(event) {
    event.preventDefault();
    const chosen = all.checked || role.value === "admin" ? null : ticks.filter(([, tick]) => tick.checked).map(([each]) => each);
    try {
      await send({ name: name.value, role: role.value, cameras: chosen, ...(password?.value ? { password: password.value } : {}) });
      dialog.close();
    } catch (error) { says.textContent = error.message; }
  }

  const field = (label, control) => h("div", { class: "field" }, h("label", { for: control.id }, label), control);
  const dialog = h("dialog", { "aria-labelledby": "person-title", onclose: () => dialog.remove() }, h("form", { onsubmit: store },
    h("h2", { id: "person-title", class: "first" }, title), field("Name", name), password ? field(given.password, password) : null, field("Role", role), cameras, says,
    h("div", { class: "row end" }, h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"), h("button", { class: "main" }, title))));
  tellRole();
  document.body.append(dialog);
  dialog.showModal();
}
