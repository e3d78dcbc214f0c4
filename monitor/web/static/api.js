// Requests to the program. Every change carries the token of this session.

let csrf = null;
let onLoggedOut = () => {};

export function useSession(me) { csrf = me.csrf; }
export function whenLoggedOut(act) { onLoggedOut = act; }

export class ApiError extends Error {
  constructor(status, detail) { super(detail); this.status = status; this.detail = detail; }
}

/** Return the answer of a request as JSON; throws `ApiError` with the program's own sentence. */
export async function ask(path, { method = "GET", body, signal } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET" && csrf) headers["X-CSRF-Token"] = csrf;
  let answer;
  try {
    answer = await fetch(`/api/${path}`, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, "The monitor does not answer. Is it running, and is this device still on its network?");
  }
  const isJson = answer.status !== 204 && (answer.headers.get("Content-Type") ?? "").includes("json");
  const value = isJson ? await answer.json() : null;
  if (answer.ok) return value;
  if (answer.status === 401 && path !== "login") onLoggedOut();
  throw new ApiError(answer.status, sentence(value, answer));
}

function sentence(value, answer) {
  const detail = value?.detail;
  if (typeof detail === "string") return detail;
  if (Array.isArray(detail)) return detail.map((one) => [(one.loc ?? []).slice(1).join("."), one.msg].filter(Boolean).join(": ")).join("; ");
  return `The monitor answered ${answer.status} ${answer.statusText}.`;
}

/** Return a query of what is given: arrays are repeated, null is left out. */
export function query(values) {
  const found = new URLSearchParams();
  for (const [key, value] of Object.entries(values))
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== null && one !== undefined && one !== "") found.append(key, one);
  const text = found.toString();
  return text ? `?${text}` : "";
}
