/** Pushed playbook repositories over HTTP: what there is, and which version is live. */
import type { Context, Hono } from "hono";
import { type Principal, requireRead, requireScope } from "../auth/principal.ts";
import { readManifest } from "../bundles/bundle-manifest.ts";
import type { Bundle } from "../bundles/compile.ts";
import { type Moved, maximumBundleBytes, type Publisher, requireBundleSize } from "../bundles/publish.ts";
import type { BundleStore } from "../bundles/store.ts";
import { type CallerServices, callerOf } from "../caller.ts";
import { ConfigurationError, ForbiddenError, NotFoundError, type Problem } from "../errors.ts";
import type { Logger } from "../log.ts";
import { answerTo } from "../problem-details.ts";
import type { PushedRepositories, PushedRepository } from "../state/state.ts";
import { parseJson } from "../tools/parse-json.ts";
import { readRollback } from "./rollback.ts";

export interface PlaybookServices {
  readonly pushed: Pick<PushedRepositories, "list" | "get">;
  readonly publisher: Publisher;
  readonly store: Pick<BundleStore, "get" | "name">;
  /** Those that serve. */
  readonly bundles: readonly Bundle[];
  /** Loads what is live now. Never throws. */
  readonly reload: (
    why: string,
  ) => Promise<
    { readonly ok: true; readonly generation: string } | { readonly ok: false; problems: readonly Problem[] }
  >;
}

type Services = PlaybookServices & CallerServices & { readonly log: Logger };

/** `admin` for what moves something, and for the bundles themselves: they are the authors' code. */
export function addPlaybooks(app: Hono, services: Services): void {
  const answering = (handler: (c: Context, services: Services) => Promise<Response>) => async (c: Context) => {
    try {
      return await handler(c, services);
    } catch (error) {
      return answerTo(error, c, services.log);
    }
  };
  app.get("/api/playbooks", answering(list));
  app.get("/api/playbooks/:name", answering(show));
  app.get("/api/playbooks/:name/bundle", answering(download));
  app.put("/api/playbooks/:name", answering(push));
  app.post("/api/playbooks/:name/rollback", answering(rollback));
  app.delete("/api/playbooks/:name", answering(remove));
}

/** Throws a ForbiddenError. What is pushed runs in every cluster and namespace, so it is not for who is limited to some. */
function requireAuthor(principal: Principal): void {
  requireScope(principal, "admin");
  const { name, clusters, namespaces } = principal;
  if (clusters === undefined && namespaces === undefined) return;
  throw new ForbiddenError(`${name} is limited to some clusters or namespaces, and what is pushed runs in all of them`);
}

const nameOf = (c: Context) => c.req.param("name") ?? "";

async function list(c: Context, services: Services): Promise<Response> {
  requireRead((await callerOf(c, services)).principal);
  return c.json({ playbooks: await services.pushed.list() });
}

async function known(name: string, { pushed }: Services): Promise<PushedRepository> {
  const found = await pushed.get(name);
  if (found !== undefined) return found;
  throw new NotFoundError(`Nothing was ever pushed under the name ${name}.`);
}

async function show(c: Context, services: Services): Promise<Response> {
  requireRead((await callerOf(c, services)).principal);
  const repository = await known(nameOf(c), services);
  const bundle = services.bundles.find(({ sha256 }) => sha256 === repository.live?.sha256);
  if (bundle === undefined) return c.json({ ...repository, serves: false });
  const { actions } = await readManifest(bundle.manifest);
  return c.json({
    ...repository,
    serves: true,
    actions: actions.map(({ name, description }) => ({ name, description })),
  });
}

/** The live bundle, or that of another version: `?sha256=…`. */
async function download(c: Context, services: Services): Promise<Response> {
  requireScope((await callerOf(c, services)).principal, "admin");
  const { name, live, history } = await known(nameOf(c), services);
  const wanted = c.req.query("sha256") ?? live?.sha256 ?? "";
  const version = [live, ...history].find((one) => one?.sha256 === wanted);
  const bytes = version === undefined ? undefined : await services.store.get(version.sha256);
  if (bytes === undefined) throw new NotFoundError(`${services.store.name} has no such bundle of ${name}.`);
  return c.body(new Uint8Array(bytes), 200, { "Content-Type": "text/javascript" });
}

async function push(c: Context, services: Services): Promise<Response> {
  const { principal, body } = await callerOf(c, services, {
    bytes: maximumBundleBytes,
    tooLarge: (bytes) => requireBundleSize(bytes),
  });
  requireAuthor(principal);
  const name = nameOf(c);
  const packageVersion = c.req.query("version");
  const moved = await services.publisher.push({
    name,
    bytes: Buffer.from(await body()),
    by: principal.name,
    ...(packageVersion === undefined ? {} : { packageVersion }),
  });
  return await live(c, `${name} was pushed by ${principal.name}`, moved, services);
}

async function rollback(c: Context, services: Services): Promise<Response> {
  const { principal, body } = await callerOf(c, services);
  requireAuthor(principal);
  const name = nameOf(c);
  const text = await body();
  const moved = await services.publisher.rollback(name, {
    ...readRollback(text === "" ? {} : parseJson(text)),
    by: principal.name,
  });
  return await live(c, `${name} was rolled back by ${principal.name}`, moved, services);
}

async function remove(c: Context, services: Services): Promise<Response> {
  const { principal } = await callerOf(c, services);
  requireAuthor(principal);
  const name = nameOf(c);
  return await live(c, `${name} was deleted by ${principal.name}`, await services.publisher.remove(name), services);
}

/** Answers when it serves. It was checked, but what is configured may have changed in that moment. */
async function live(c: Context, why: string, { repository, undo }: Moved, { reload, log }: Services) {
  log.info("what is pushed is moved", { why, revision: repository.revision, sha256: repository.live?.sha256 });
  const reloaded = await reload(why);
  if (reloaded.ok) return c.json({ ...repository, generation: reloaded.generation });
  await undo();
  throw new ConfigurationError(reloaded.problems);
}
