"use strict";
const AT_ONCE = 120; // cards that are built together: a few screens

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function link(address, text) {
  const made = element("a", "", text);
  made.href = address;
  return made;
}

function pictureOf(event) {
  const links = Object.fromEntries(event.links || []);
  const source = event.picture || links.picture;
  if (!source) return element("div", "nothing", "no picture");
  const image = element("img");
  image.loading = "lazy";
  image.alt = `${event.called} at ${event.time}`;
  image.src = source;
  const around = links.clip ? link(links.clip) : links.picture ? link(links.picture) : element("span");
  around.className = "picture";
  around.append(image);
  return around;
}

function cardOf(event) {
  const card = element("article", "card");
  const body = element("div", "body");
  const head = element("h3");
  head.append(element("i", event.kind), `${event.time} ${event.called}`);
  if (event.lasted) head.append(element("span", "sub", event.lasted));
  body.append(head);
  if (event.zones) body.append(element("p", "zones", `in ${event.zones.join(", ")}`));
  for (const [name, sentence] of event.why || []) {
    const said = element("p", "why");
    said.append(element("b", "", name), ` ${sentence}`);
    body.append(said);
  }
  if (event.measured) body.append(element("p", "sub", event.measured));
  body.append(element("p", "sub file", event.file));
  const links = element("p", "links");
  for (const [name, address] of event.links || []) links.append(link(address, name), " ");
  body.append(links);
  card.append(pictureOf(event), body);
  return card;
}

function fill(details) {
  const place = details.querySelector(".cards");
  const data = details.querySelector('script[type="application/json"]');
  if (!place || !data || place.hasChildNodes()) return;
  const events = JSON.parse(data.textContent);
  let shown = 0;
  const more = element("button", "more");
  more.type = "button";
  const show = () => {
    const next = events.slice(shown, shown + AT_ONCE);
    const first = shown && place.children.length;
    place.append(...next.map(cardOf));
    shown += next.length;
    more.textContent = `${events.length - shown} more`;
    more.hidden = shown >= events.length;
    if (first) place.children[first].querySelector("a")?.focus();
  };
  more.addEventListener("click", show);
  place.after(more);
  show();
}

for (const details of document.querySelectorAll("details")) {
  details.addEventListener("toggle", () => details.open && fill(details));
  if (details.open) fill(details);
}
