// What happens, as it happens: one connection for the whole page. Where it breaks, views ask now and then instead.

const POLL_MS = 5000, TRY_MS = 10_000;

const listeners = new Set();
let source = null, polling = null, trying = null, isWanted = false;

/** Hear of news until the returned function is called. `on` has any of `event`, `camera`, `alerts`, each called
 * with what the API would give, and `again`: news were lost, ask anew for all. */
export function listen(on) {
  listeners.add(on);
  return () => listeners.delete(on);
}

/** Connect, once for the page, for as long as it is looked at. */
export function start() {
  isWanted = true;
  if (!document.hidden) connect();
}

/** Disconnect: nobody is logged in any more. */
export function stop() {
  isWanted = false;
  disconnect();
}

// A browser has six connections to a host for all its windows together: those in the background leave theirs.
document.addEventListener("visibilitychange", () => {
  if (!isWanted) return;
  if (document.hidden) disconnect();
  else { connect(); tell("again"); }
});

function connect() {
  if (source) return;
  source = new EventSource("/api/stream");
  for (const kind of ["event", "camera", "alerts", "again"])
    source.addEventListener(kind, (message) => tell(kind, JSON.parse(message.data)));
  source.onopen = () => {
    const wasBroken = polling !== null;
    clearInterval(polling);
    polling = null;
    if (wasBroken) tell("again");
  };
  source.onerror = () => {
    polling ??= setInterval(() => tell("again"), POLL_MS);
    // The browser tries again by itself, but where it was refused.
    if (source.readyState === EventSource.CLOSED) { source = null; trying = setTimeout(connect, TRY_MS); }
  };
}

function disconnect() {
  clearInterval(polling); clearTimeout(trying);
  source?.close();
  source = polling = null;
}

function tell(kind, value) {
  for (const on of [...listeners]) on[kind]?.(value);
}
