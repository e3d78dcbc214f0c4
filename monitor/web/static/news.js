// What happens, as it happens: one connection for the whole page. Where it breaks, views ask now and then instead.

const POLL_MS = 5000, TRY_MS = 10_000;

const listeners = new Set();
let source = null, polling = null, trying = null;

/** Hear of news until the returned function is called. `on` has any of `event`, `camera`, `alerts`, each called
 * with what the API would give, and `again`: news were lost, ask anew for all. */
export function listen(on) {
  listeners.add(on);
  return () => listeners.delete(on);
}

/** Connect, once for the page. */
export function start() {
  if (source) return;
  source = new EventSource("/api/stream");
  for (const kind of ["event", "camera", "alerts", "again"])
    source.addEventListener(kind, (message) => tell(kind, JSON.parse(message.data)));
  source.onopen = () => {
    clearInterval(polling);
    const wasBroken = polling !== null;
    polling = null;
    if (wasBroken) tell("again");
  };
  source.onerror = () => {
    polling ??= setInterval(() => tell("again"), POLL_MS);
    // The browser tries again by itself, but where it was refused.
    if (source.readyState === EventSource.CLOSED) { source = null; trying = setTimeout(start, TRY_MS); }
  };
}

/** Disconnect: nobody is logged in any more. */
export function stop() {
  clearInterval(polling); clearTimeout(trying);
  source?.close();
  source = polling = null;
}

function tell(kind, value) {
  for (const on of [...listeners]) on[kind]?.(value);
}
