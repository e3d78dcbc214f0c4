// The description of the API, drawn from /openapi.json.

import { fill, h } from "./dom.js";

const METHODS = ["get", "post", "put", "delete"];

/** The schema that a reference names. */
function resolved(api, schema) {
  if (!schema?.$ref) return schema ?? {};
  return schema.$ref.slice(2).split("/").reduce((at, key) => at[key], api);
}

/** A schema in a few words: "string", "list of EventView", "number or null". */
function typeOf(schema) {
  if (!schema) return "anything";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" or ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.type === "array") return `list of ${schema.prefixItems ? "rows" : typeOf(schema.items)}`;
  if (schema.type === "null") return "null";
  const limits = [
    schema.format,
    schema.minimum !== undefined ? `from ${schema.minimum}` : null,
    schema.maximum !== undefined ? `to ${schema.maximum}` : null,
    schema.default !== undefined && schema.default !== null ? `otherwise ${schema.default}` : null,
  ].filter(Boolean);
  return (schema.type ?? "anything") + (limits.length ? ` (${limits.join(", ")})` : "");
}

function table(rows) {
  const body = rows.map((cells) => h("tr", {}, ...cells.map((cell) => h("td", {}, cell ?? ""))));
  return h("table", {}, h("tbody", {}, ...body));
}

/** What an object holds, one row a field. */
function fields(api, schema) {
  const found = resolved(api, schema?.type === "array" ? schema.items : schema);
  if (!found.properties) return null;
  const required = new Set(found.required ?? []);
  const rows = Object.entries(found.properties).map(([name, field]) => [
    h("code", {}, name),
    typeOf(field),
    field.description ?? (required.has(name) ? "" : "may be left out"),
  ]);
  return h("div", {}, found.description ? h("p", {}, found.description) : null, table(rows));
}

function contentOf(described) {
  const [type, content] = Object.entries(described?.content ?? {})[0] ?? [];
  return type ? { type, schema: content.schema } : null;
}

function operation(api, method, path, described) {
  const text = (described.description ?? described.summary ?? "").split("\n\n");
  const inside = h("div", { class: "inside" }, ...text.slice(1).map((part) => h("p", {}, part)));
  const parameters = (described.parameters ?? []).map((parameter) => [
    h("code", {}, parameter.name),
    typeOf(parameter.schema),
    parameter.description ?? (parameter.required ? "" : "may be left out"),
  ]);
  if (parameters.length) inside.append(h("h4", {}, "Asked with"), table(parameters));
  const body = contentOf(described.requestBody);
  if (body) inside.append(h("h4", {}, `Sent: ${typeOf(body.schema)}`), fields(api, body.schema) ?? "");
  for (const [status, answer] of Object.entries(described.responses ?? {})) {
    if (!status.startsWith("2")) continue;
    const content = contentOf(answer);
    const told = content ? `${typeOf(content.schema)} (${content.type})` : "nothing";
    inside.append(h("h4", {}, `Answered ${status}: ${told}`));
    if (content) inside.append(fields(api, content.schema) ?? "");
  }
  const summary = h(
    "summary",
    {},
    h("span", { class: "method" }, method.toUpperCase()),
    h("span", { class: "path" }, path),
    h("span", { class: "what" }, text[0]),
  );
  return h("details", {}, summary, inside);
}

function page(api) {
  const byTag = new Map();
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((name) => methods[name])) {
      const tag = methods[method].tags?.[0] ?? "other";
      if (!byTag.has(tag)) byTag.set(tag, []);
      byTag.get(tag).push(operation(api, method, path, methods[method]));
    }
  }
  const example = 'curl -H "Authorization: Bearer TOKEN" ' + `${location.origin}/api/events?limit=5`;
  return [
    h("h1", {}, api.info.title),
    h("p", {}, `Version ${api.info.version}. The same for programs: `, h("a", { href: "/openapi.json" }, "openapi.json"), "."),
    h(
      "p",
      {},
      "A script sends a token, which an admin makes. A page sends its session's cookie, and with every change the header X-CSRF-Token as /api/me tells it.",
    ),
    h("pre", { tabindex: "0" }, h("code", {}, example)),
    ...[...byTag].flatMap(([tag, operations]) => [h("h2", {}, tag), ...operations]),
  ];
}

const place = document.getElementById("api");
try {
  const answer = await fetch("/openapi.json");
  if (!answer.ok) throw new Error(`openapi.json: ${answer.status}`);
  fill(place, ...page(await answer.json()));
} catch (error) {
  fill(place, h("p", { class: "state" }, `The description cannot be loaded: ${error.message}. Load the page again.`));
}
