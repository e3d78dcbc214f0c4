// How times, shares and kinds are said. Times are the viewer's; the camera's zone is named where it differs.

export const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const date = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

export const day = (value) => date.format(new Date(value));
export const clock = (value) => time.format(new Date(value));
export const moment = (value) => (value ? `${day(value)}, ${clock(value)}` : "time unknown");

/** Return the moment as it was at the camera, where its zone is another. */
export function atCamera(value, zone) {
  if (!value || !zone || zone === OWN_ZONE) return null;
  try {
    return `${new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium", timeZone: zone }).format(new Date(value))} (${zone})`;
  } catch { return null; }
}

export function lasting(seconds) {
  if (seconds === null || seconds === undefined) return "unknown";
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  if (seconds < 172800) return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86400)} days ${Math.round((seconds % 86400) / 3600)} h`;
}

export const percent = (fraction, digits = 1) => (fraction === null || fraction === undefined ? "unknown" : `${(100 * fraction).toFixed(digits)} %`);
export const words = (name) => (name ?? "").replaceAll("_", " ");
export const capital = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

export function bytes(value) {
  if (value === null || value === undefined) return "unknown";
  const units = ["B", "kB", "MB", "GB", "TB"];
  let n = 0;
  while (value >= 1000 && n < units.length - 1) { value /= 1000; n += 1; }
  return `${value.toFixed(n && value < 100 ? 1 : 0)} ${units[n]}`;
}

const GROUPS = { motion: "motion", light_change: "light", scene_change: "scene", object_left: "object", object_removed: "object", signal_lost: "signal", detected: "object" };
export const KINDS = ["motion", "light_change", "scene_change", "object_left", "object_removed", "covered", "blinded", "defocused", "camera_moved", "frozen", "corrupt_frame", "signal_lost", "detected"];

/** Return the group of a kind, by which it is coloured: motion, light, scene, object, integrity or signal. */
export const group = (kind) => GROUPS[kind] ?? "integrity";
/** Call `draw` when the colours change, as many screens do at dusk; return what ends that. */
export function onColours(draw) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", draw);
  return () => dark.removeEventListener("change", draw);
}

export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
