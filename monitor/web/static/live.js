// All cameras as tiles: what they see while somebody looks, and how they do.
import { ask } from "./api.js";
import { empty, fill, h, problem } from "./dom.js";
import { feed } from "./feed.js";
import { listen } from "./news.js";
import { clock, day, lasting, words } from "./words.js";

const TICK_MS = 10_000;

export async function show(place, { me }) {
  const shown = new Set(["boxes"]), tiles = new Map(), grid = h("div", { class: "tiles" }), says = h("div", {});
  let gone = false;
  fill(place, h("h1", {}, "Live"), says, grid);

  const visible = new IntersectionObserver((found) => { for (const { target, isIntersecting } of found) { const tile = [...tiles.values()].find((one) => one.element === target); if (tile) { tile.inView = isIntersecting; tile.turn(); } } });
  const hidden = () => tiles.forEach((tile) => tile.turn());
  document.addEventListener("visibilitychange", hidden);

  async function load() {
    try {
      const cameras = await ask("cameras");
      if (gone) return;
      fill(says, cameras.length ? "" : empty("No camera is known yet.", h("p", {}, me.role === "admin" ? ["Add one under ", h("a", { href: "#/settings/cameras" }, "Settings, Cameras"), ", then start: ", h("code", {}, "monitor watch")] : "Start one: monitor watch")));
      const names = new Set(cameras.map((each) => `${each.node}/${each.name}`));
      for (const [name, tile] of tiles) if (!names.has(name)) { tile.stop(); visible.unobserve(tile.element); tile.element.remove(); tiles.delete(name); }
      cameras.forEach(tell);
    } catch (error) { if (!gone && error.status !== 401) fill(says, problem(error)); }
  }

  function tell(camera) {
    const key = `${camera.node}/${camera.name}`;
    if (!tiles.has(key)) { const tile = makeTile(camera, shown); tiles.set(key, tile); grid.append(tile.element); visible.observe(tile.element); fill(says); }
    tiles.get(key).tell(camera);
  }

  const unheard = listen({ camera: tell, again: load });
  const ticking = setInterval(() => tiles.forEach((tile) => tile.tick()), TICK_MS);
  await load();
  return () => { gone = true; unheard(); clearInterval(ticking); visible.disconnect(); document.removeEventListener("visibilitychange", hidden); tiles.forEach((tile) => tile.stop()); };
}

/** Return what a camera's state is called, with since when. */
export function stateOf(camera) {
  const since = camera.since ? ` since ${Date.now() - Date.parse(camera.since) < 43_200_000 ? clock(camera.since) : `${day(camera.since)}, ${clock(camera.since)}`} (${lasting(Math.max(0, (Date.now() - Date.parse(camera.since)) / 1000))})` : "";
  return `${camera.state === "unknown" ? "nothing is heard of it" : words(camera.state)}${since}`;
}

function makeTile(camera, shown) {
  const canvas = h("canvas", { role: "img", "aria-label": `${camera.name} live`, width: 640, height: 360 }), over = h("p", {}, camera.is_here ? "" : `Watched by the machine ${camera.node}: open its page for pictures.`);
  const dot = h("span", { class: "dot" }), state = h("span", { class: "soft small" }), open = h("span", { class: "tag kind-motion", hidden: true }, "event");
  const link = camera.is_here ? h("a", { href: `#/camera/${encodeURIComponent(camera.name)}` }, h("strong", {}, camera.name)) : h("strong", {}, `${camera.name} · ${camera.node}`);
  const tile = { inView: false, live: null, element: h("article", { class: "tile" }, h("div", { class: "picture" }, canvas, over), h("div", { class: "row" }, dot, link, open, state)) };
  const say = (text) => { over.textContent = text ?? ""; over.hidden = text === null; };
  tile.tick = () => { state.textContent = camera.why ? `${stateOf(camera)}: ${camera.why}` : stateOf(camera); };
  tile.tell = (now) => { camera = now; dot.className = `dot ${now.state}`; open.hidden = !now.open_events; tile.tick(); tile.turn(); if (now.is_here && now.state === "blind") say("It sees nothing now."); };
  tile.turn = () => {
    const wanted = camera.is_here && !["unknown", "stopped"].includes(camera.state) && tile.inView && !document.hidden;
    if (wanted && !tile.live) { say("Waiting for the first picture …"); tile.live = feed(camera.name, canvas, shown, { state: say }); }
    if (!wanted && tile.live) { tile.live.stop(); tile.live = null; }
    if (camera.is_here && !wanted) say(["unknown", "stopped"].includes(camera.state) ? "Not being watched. Start it: monitor watch" : "");
  };
  tile.stop = () => tile.live?.stop();
  return tile;
}
