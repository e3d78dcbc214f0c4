// Who may use the page: people, their log-ins, and tokens for scripts.
import { ask } from "./api.js";
import { empty, fill, h, table, tell } from "./dom.js";
import { takeBack } from "./share.js";
import { moment } from "./words.js";

export async function show(place) {
  const [users, tokens, sessions, shares, audit] = await Promise.all(["users", "tokens", "sessions", "shares", "audit"].map((each) => ask(each)));
  const again = async (work, done) => { try { const value = await work(); tell(done); await show(place); return value; } catch (error) { tell(error.message); return null; } };
  const cameras = (names) => (names === null || names === undefined ? "all" : names.join(", ") || "none");
  const remove = (path, what) => h("button", { onclick: () => confirm(`Remove ${what}?`) && again(() => ask(path, { method: "DELETE" }), `${what} is gone.`) }, "Remove");
  fill(place, h("h1", {}, "People"),
    users.length ? table("People", ["Name", "Role", "Cameras", ""], users.map((user) => h("tr", {}, h("th", { scope: "row" }, user.name), h("td", {}, user.role), h("td", {}, cameras(user.cameras)), h("td", {}, remove(`users/${encodeURIComponent(user.name)}`, user.name)))))
      : empty("There is no user: everybody at this machine may do everything.", h("p", {}, "The first user is added at the machine itself: monitor user add NAME")),
    users.length ? form("Add somebody", true, (body) => again(() => ask("users", { method: "POST", body }), `${body.name} may log in.`)) : null,
    h("h2", {}, "Log-ins"), table("Log-ins", ["Who", "From", "With", "Last used", ""], sessions.map((each) => h("tr", {}, h("td", {}, each.user), h("td", {}, each.address), h("td", { class: "small long" }, each.agent), h("td", { class: "when" }, moment(each.used)), h("td", {}, each.is_this ? "this one" : h("button", { onclick: () => again(() => ask(`sessions/${encodeURIComponent(each.id)}`, { method: "DELETE" }), "That log-in has ended.") }, "End"))))),
    h("h2", {}, "Links for others"), h("p", { class: "soft" }, "Each shows one event to whoever has it. They are made with Share beside an event."),
    shares.length ? table("Links for others", ["Event", "Made by", "Made", "Works until", ""], shares.map((each) => h("tr", {}, h("td", {}, h("a", { href: `#/event/${encodeURIComponent(each.event)}` }, "the event")), h("td", {}, each.maker), h("td", { class: "when" }, moment(each.made)), h("td", { class: "when" }, moment(each.ends)), h("td", {}, h("button", { onclick: () => takeBack(each, () => show(place)) }, "Take back"))))) : h("p", { class: "soft" }, "There are none now."),
    h("h2", {}, "Tokens for scripts"), h("p", { class: "soft" }, "A script sends: Authorization: Bearer TOKEN. The API is described at ", h("a", { href: "/docs" }, "/docs"), "."),
    tokens.length ? table("Tokens", ["Name", "Role", "Cameras", ""], tokens.map((token) => h("tr", {}, h("th", { scope: "row" }, token.name), h("td", {}, token.role), h("td", {}, cameras(token.cameras)), h("td", {}, remove(`tokens/${encodeURIComponent(token.id)}`, token.name))))) : null,
    form("Make a token", false, async (body) => {
      const made = await again(() => ask("tokens", { method: "POST", body }), "The token is made.");
      if (made) place.prepend(h("div", { class: "hint", role: "alert" }, "Copy it now, it is not shown again: ", h("code", {}, made.secret)));
    }),
    h("h2", {}, "Who changed what"), audit.length ? table("Who changed what", ["When", "Who", "What"], audit.map((line) => h("tr", {}, h("td", { class: "when" }, moment(line.at)), h("td", {}, line.who), h("td", {}, line.what)))) : h("p", { class: "soft" }, "Nothing was changed on the page yet."));
}

function form(title, withPassword, send) {
  const name = h("input", { required: true, maxLength: 100, "aria-label": "Name", placeholder: "Name", autocomplete: "off" });
  const password = withPassword ? h("input", { type: "password", required: true, "aria-label": "Password", placeholder: "Password", autocomplete: "new-password" }) : null;
  const role = h("select", { "aria-label": "Role" }, h("option", { value: "viewer" }, "viewer: looks"), h("option", { value: "admin" }, "admin: changes"));
  const cameras = h("input", { "aria-label": "Cameras", placeholder: "Cameras, by comma; empty: all" });
  return h("form", { class: "row", style: { margin: "10px 0" }, onsubmit: (event) => {
    event.preventDefault();
    const names = cameras.value.split(",").map((each) => each.trim()).filter(Boolean);
    send({ name: name.value, role: role.value, cameras: names.length ? names : null, ...(password ? { password: password.value } : {}) });
  } }, name, password, role, cameras, h("button", { class: "main" }, title));
}
