/** What the page at `/docs` does in the browser. It only ever sets text, so nothing that is answered can become markup. */
export const script = `
"use strict";
const byId = (id) => document.getElementById(id);
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}
async function call(method, path, body) {
  const token = byId("token").value.trim();
  const response = await fetch(path, {
    method,
    headers: { ...(token ? { Authorization: "Bearer " + token } : {}), ...(body ? { "Content-Type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  let answer;
  try { answer = JSON.parse(text); } catch { answer = { detail: text }; }
  return { status: response.status, ok: response.ok, answer };
}

let actions = [];
async function load() {
  const { ok, answer } = await call("GET", "api/actions").catch((error) => ({ ok: false, answer: { detail: String(error) } }));
  actions = ok ? answer.actions : [];
  byId("status").textContent = ok ? actions.length + " actions" : answer.detail;
  byId("status").className = ok ? "quiet" : "bad";
  list();
}
function list() {
  const wanted = byId("search").value.toLowerCase();
  const shown = actions.filter((action) => (action.name + " " + action.description).toLowerCase().includes(wanted));
  const current = decodeURIComponent(location.hash.slice(1));
  byId("actions").replaceChildren(...shown.map((action) => make("li", {}, make("button", {
    type: "button",
    text: action.name,
    class: action.byHand ? undefined : "never",
    "aria-current": action.name === current ? "true" : undefined,
    onclick: () => { location.hash = encodeURIComponent(action.name); },
  }))));
}
function show() {
  list();
  const name = decodeURIComponent(location.hash.slice(1));
  const action = actions.find((one) => one.name === name);
  if (action === undefined) return;
  const article = byId("action");
  article.replaceChildren(
    make("h2", { text: action.name, tabindex: "-1" }),
    make("p", { text: action.description }),
    make("p", {}, ...[action.effects, "takes " + action.on, "up to " + action.timeoutSeconds + " s"].map((text) => make("span", { class: "tag", text }))),
    action.byHand ? formOf(action) : make("p", { class: "bad", text: action.whyNot }),
    make("details", {}, make("summary", { text: "Params as JSON Schema" }), make("pre", { text: JSON.stringify(action.params, null, 2) })),
    make("details", {}, make("summary", { text: "Permissions" }), make("pre", { text: JSON.stringify(action.permissions, null, 2) })),
  );
  article.querySelector("h2").focus();
}

let fields = 0;
/** A labelled input; what it reads is undefined where nothing was typed. */
function field(label, hint, input, read) {
  fields += 1;
  input.id = "field-" + fields;
  const small = hint ? make("small", { text: hint, id: input.id + "-hint" }) : undefined;
  if (small) input.setAttribute("aria-describedby", small.id);
  return { element: make("div", { class: "field" }, make("label", { for: input.id, text: label }, small), input), read: () => read(input) };
}
const typed = (input) => input.value === "" ? undefined : input.value;
const choose = (values) => make("select", {}, make("option", { value: "", text: "" }), ...values.map((value) => make("option", { value, text: value })));
const alternatives = (schema) => (schema.anyOf || [schema]).flatMap((one) => Array.isArray(one.type) ? one.type.map((type) => ({ ...one, type })) : [one])
  .filter((one) => one.type !== "null");

function paramField(name, schema, required) {
  const of = alternatives(schema);
  const only = of.length === 1 ? of[0] : {};
  const fallback = schema.default === undefined || schema.default === null ? "" : "default " + JSON.stringify(schema.default);
  const hint = [schema.description || only.description, fallback].filter(Boolean).join("; ");
  const label = name + (required ? " (required)" : "");
  if (only.enum) return field(label, hint, choose(only.enum.map(String)), typed);
  if (only.type === "boolean") return field(label, hint, choose(["true", "false"]), (input) => input.value === "" ? undefined : input.value === "true");
  if (only.type === "integer" || only.type === "number") {
    const number = make("input", { type: "number", step: only.type === "integer" ? "1" : "any", autocomplete: "off" });
    return field(label, hint, number, (input) => input.value === "" ? undefined : Number(input.value));
  }
  if (only.type === "string" || only.const !== undefined) return field(label, hint, make("input", { autocomplete: "off" }), typed);
  return field(label, (hint ? hint + "; " : "") + "as JSON", make("textarea", { spellcheck: "false" }), (input) => input.value.trim() === "" ? undefined : JSON.parse(input.value));
}
const collect = (of) => Object.fromEntries(Object.entries(of).map(([name, one]) => [name, one.read()]).filter(([, value]) => value !== undefined));

function formOf(action) {
  const { kinds, required } = action.target;
  const input = () => make("input", { autocomplete: "off" });
  const target = kinds.length === 0 ? {} : {
    kind: field("kind", "", kinds.length === 1 ? make("select", {}, make("option", { text: kinds[0] })) : choose(kinds), typed),
    namespace: field("namespace", "default \\u201cdefault\\u201d, for kinds that are in namespaces", input(), typed),
    name: field("name" + (required ? " (required)" : ""), "", input(), typed),
  };
  const cluster = { cluster: field("cluster", "default the one of the configuration or of the token", input(), typed) };
  const properties = action.params.properties || {};
  const needed = action.params.required || [];
  const params = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, paramField(name, schema, needed.includes(name))]));
  const sinks = field("sinks", "names, with commas between; empty: none is told", input(), (one) => one.value.split(",").map((name) => name.trim()).filter(Boolean));
  const dry = make("input", { type: "checkbox", id: "dry-run", checked: action.effects !== "read" });
  const button = make("button", { class: "run", text: "Run" });
  const output = make("div", { role: "status", "aria-live": "polite" });
  const group = (title, of) => Object.keys(of).length === 0 ? [] : [make("h3", { text: title }), ...Object.values(of).map((one) => one.element)];
  return make("form", { onsubmit: async (event) => {
    event.preventDefault();
    button.disabled = true;
    output.replaceChildren(make("p", { text: "Running\\u2026" }));
    try {
      const on = { ...collect(target), ...collect(cluster) };
      // One kind alone is chosen beforehand: without a name it is no target.
      if (!required && on.name === undefined && on.namespace === undefined) delete on.kind;
      const body = { params: collect(params), sinks: sinks.read(), ...(Object.keys(on).length ? { target: on } : {}), ...(dry.checked ? { dryRun: true } : {}) };
      await follow(await call("POST", "api/actions/" + encodeURIComponent(action.name), body), output);
    } catch (error) {
      output.replaceChildren(make("p", { class: "bad", text: String(error) }));
    }
    button.disabled = false;
  } }, ...group("Target", { ...target, ...cluster }), ...group("Params", params), ...group("Who is told", { sinks }),
    make("p", { class: "row" }, dry, make("label", { for: "dry-run", text: "Dry run: change nothing, and say what would be" })), button, output);
}

/** Shows an answer, and asks again while the run goes on. */
async function follow(result, output) {
  output.replaceChildren(...shown(result));
  while (result.status === 202 || (result.ok && ["queued", "running"].includes(result.answer.state))) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    result = await call("GET", "api/runs/" + result.answer.run);
    output.replaceChildren(...shown(result));
  }
}
function shown({ status, ok, answer }) {
  const raw = make("details", {}, make("summary", { text: "The answer as JSON" }), make("pre", { text: JSON.stringify(answer, null, 2) }));
  if (!ok) {
    const problems = answer.problems || [{ path: "", message: answer.detail }];
    return [make("h3", { class: "bad", text: status + " " + (answer.title || "") }),
      make("ul", {}, ...problems.map(({ path, message }) => make("li", { text: (path ? path + ": " : "") + message }))), raw];
  }
  const failed = answer.steps.filter(({ reason }) => reason);
  return [
    make("h3", { class: answer.state === "done" ? "good" : "bad", text: answer.state + ", " + answer.milliseconds + " ms" }),
    ...failed.map(({ action, reason }) => make("p", { class: "bad", text: action + ": " + reason })),
    ...answer.notes.map((text) => make("p", { text })),
    ...(answer.effects || []).map((effect) => make("pre", { text: JSON.stringify(effect, null, 2) })),
    ...(answer.findings || []).map((finding) => make("section", { class: "finding" },
      make("strong", { text: finding.title }), make("p", { text: finding.description || "" }),
      ...finding.enrichments.flatMap(({ blocks }) => blocks.map(block)))),
    raw,
  ];
}
function block(one) {
  if (one.type === "markdown") return make("p", { text: one.text });
  if (one.type === "header") return make("h3", { text: one.text });
  if (one.type === "divider") return make("hr");
  if (one.type === "list") return make("ul", {}, ...one.items.map((text) => make("li", { text })));
  if (one.type === "table") return make("table", {},
    make("thead", {}, make("tr", {}, ...one.headers.map((text) => make("th", { scope: "col", text })))),
    make("tbody", {}, ...one.rows.map((row) => make("tr", {}, ...row.map((text) => make("td", { text }))))));
  if (one.type === "file" && one.encoding === "utf8") return make("div", {}, make("p", { text: one.filename }), make("pre", { text: one.contents }));
  return make("pre", { text: typeof one.text === "string" ? one.text : JSON.stringify(one, null, 2) });
}

byId("token").addEventListener("change", load);
byId("search").addEventListener("input", list);
addEventListener("hashchange", show);
load().then(show);
`;
