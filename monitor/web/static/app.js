// The shell: who is here, which view is shown, and what each view leaves behind when it goes.
import { ask, useSession, whenLoggedOut } from "./api.js";
import { fill, h, problem } from "./dom.js";
import * as news from "./news.js";

const VIEWS = [
  ["live", "Live"], ["timeline", "Timeline"], ["events", "Events"], ["coverage", "Coverage"], ["health", "Health"],
  ["alerts", "Alerts"], ["zones", "Zones", "admin"], ["tuning", "Tuning", "admin"], ["settings", "Settings", "admin"], ["users", "People", "admin"],
];
const SHARED = "#/shared/";
const HIDDEN = ["event", "camera"];
const PARENT = { event: "events", camera: "live" };

const main = document.getElementById("main");
let me = null;
let leave = () => {};
let turn = 0;

whenLoggedOut(() => showLogin());
news.listen({ alerts: ({ waiting }) => tellWaiting(waiting) });
addEventListener("hashchange", show);
start();

async function start() {
  if (location.hash.startsWith(SHARED)) return showShared();
  try {
    me = await ask("me");
  } catch (error) {
    if (error.status === 401) return;
    fill(main, problem(error, start));
    return;
  }
  useSession(me);
  news.start();
  document.getElementById("bar").hidden = false;
  const names = VIEWS.filter(([, , role]) => !role || me.role === role);
  fill(document.getElementById("nav"), ...names.map(([name, title]) => h("a", { href: `#/${name}`, id: `to-${name}` }, title)));
  fill(document.getElementById("person"), ...(me.csrf
    ? [h("span", {}, me.name), h("button", { class: "quiet", onclick: logOut }, "Log out")]
    : []));
  show();
}

/** Show an event to somebody who may have no account: nothing else is asked for. */
async function showShared() {
  me = null;
  leave();
  document.getElementById("bar").hidden = true;
  const place = h("div", {}), { show: showEvent } = await import("./shared.js");
  fill(main, place);
  leave = await showEvent(place, decodeURIComponent(location.hash.slice(SHARED.length)));
}

async function show() {
  if (location.hash.startsWith(SHARED)) return showShared();
  if (!me) return start();
  const [path, search] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, ...rest] = path.split("/");
  const known = VIEWS.find(([each, , role]) => each === name && (!role || me.role === role)) || HIDDEN.includes(name);
  if (!known) { location.replace("#/live"); return; }
  const shown = (turn += 1);
  leave();
  leave = () => {};
  for (const link of document.querySelectorAll("#nav a")) link.toggleAttribute("aria-current", link.id === `to-${PARENT[name] ?? name}`);
  document.querySelector("#nav [aria-current]")?.setAttribute("aria-current", "page");
  document.querySelector("#nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  document.title = `${VIEWS.find(([each]) => each === name)?.[1] ?? name} · monitor`;
  const place = h("div", {});
  fill(main, place);
  try {
    const view = await import(`./${name}.js`);
    if (shown !== turn) return;
    const left = await view.show(place, { me, rest: rest.map(decodeURIComponent), search: new URLSearchParams(search) });
    if (shown !== turn) left?.();
    else leave = left ?? (() => {});
  } catch (error) {
    if (shown === turn && error.status !== 401) fill(place, problem(error, show));
  }
}

function tellWaiting(count) {
  const link = document.getElementById("to-alerts");
  if (link) fill(link, "Alerts", count ? h("span", { class: "count", "aria-label": `, ${count} waiting` }, String(count)) : null);
}

async function logOut() {
  await ask("logout", { method: "POST" });
  location.reload();
}

async function showLogin() {
  me = null;
  news.stop();
  leave();
  leave = () => {};
  document.getElementById("bar").hidden = true;
  const { login } = await import("./login.js");
  login(main, start);
}
