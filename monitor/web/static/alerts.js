// The channels of alerts, a test for each, and what is on its way.
import { ask, query } from "./api.js";
import { empty, fill, h, table, tell } from "./dom.js";
import { listen } from "./news.js";
import { moment, words } from "./words.js";

export async function show(place, { me }) {
  let waiting = false;
  const list = h("div", {});
  const found = await ask("alerts");
  fill(place, h("h1", {}, "Alerts"), h("h2", {}, "Channels"),
    found.channels.length ? table("Channels", null, found.channels.map((channel) => h("tr", {}, h("th", { scope: "row" }, channel.name), h("td", {}, channel.kind), h("td", {}, channel.enabled ? "on" : "off"), h("td", {}, me.role === "admin" ? tester(channel) : null))))
      : empty("Nobody is alerted yet.", h("p", {}, me.role === "admin" ? ["Add mail, a messenger, a webhook or another channel under ", h("a", { href: "#/settings/alerts" }, "Settings, Alerts"), "."] : "An admin adds channels.")),
    h("h2", {}, "On their way, and sent"), h("label", {}, h("input", { type: "checkbox", onchange: (event) => { waiting = event.target.checked; load(); } }), "only those that are not delivered"), list);

  function tester(channel) {
    const says = h("span", { role: "status" });
    const button = h("button", { onclick: async () => {
      button.disabled = true; says.className = ""; says.textContent = " sending …";
      try {
        const result = await ask(`alerts/${encodeURIComponent(channel.name)}/test`, { method: "POST" });
        says.className = result.arrived ? "good" : "bad"; says.textContent = result.arrived ? " It arrived." : ` ${result.error}`;
      } catch (error) { says.className = "bad"; says.textContent = ` ${error.message}`; }
      button.disabled = false;
    } }, "Send a test");
    return [button, says];
  }

  async function load() {
    try {
      const { alerts } = await ask(`alerts${query({ waiting: waiting || null, limit: 200 })}`);
      fill(list, alerts.length ? table("Alerts", ["When", "Channel", "What", "State"], alerts.map(row))
        : empty(waiting ? "Nothing waits." : "No alert was sent yet."));
    } catch (error) { tell(error.message); }
  }

  function row(alert) {
    const what = alert.title ?? `${words(alert.kind)}, ${alert.source}`;
    return h("tr", {}, h("td", { class: "when" }, moment(alert.created)), h("td", {}, alert.channel), h("td", {}, alert.event ? h("a", { href: `#/event/${encodeURIComponent(alert.event)}` }, what) : what),
      h("td", {}, h("span", { class: alert.state === "sent" ? "good" : alert.state === "given_up" ? "bad" : "" }, words(alert.state)), alert.last_error ? h("div", { class: "small bad" }, `${alert.attempts} tries: ${alert.last_error}`) : null, alert.state === "waiting" && alert.attempts ? h("div", { class: "small soft" }, `next try ${moment(alert.next_try)}`) : null));
  }
  const unheard = listen({ alerts: load, again: load });
  await load();
  return unheard;
}
