/**
 * Objects from YAML or JSON: files of one or many documents, Lists among them, or folders of such files. Where a timestamp stands, `now-5m`
 * (s, m, h, d) is five minutes before loading, so that an example stays fresh.
 */

import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { LineCounter, parseAllDocuments } from "yaml";
import { ConfigurationError, type Problem } from "../../errors.ts";
import { isRecord, timestamp } from "./json.ts";
import { relativeTime } from "./scripts.ts";
import type { ApiObject } from "./store.ts";

/** Throws a ConfigurationError that lists everything that is not an object. */
export async function loadObjects(paths: readonly string[]): Promise<ApiObject[]> {
  const files = (await Promise.all(paths.map(filesOf))).flat();
  const problems: Problem[] = [];
  const objects: ApiObject[] = [];
  for (const file of files) objects.push(...objectsIn(file, await readFile(file, "utf8"), problems));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return objects;
}

async function filesOf(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw new ConfigurationError([{ at: path, message: "cannot be read: give a YAML or JSON file, or a folder" }], {
      cause: error,
    });
  });
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true });
  return entries
    .filter((entry) => /\.(?:ya?ml|json)$/.test(entry))
    .sort()
    .map((entry) => join(path, entry));
}

function objectsIn(file: string, text: string, problems: Problem[]): ApiObject[] {
  const lines = new LineCounter();
  return parseAllDocuments(text, { lineCounter: lines }).flatMap((document) => {
    const place = (offset: number): string => `${file}:${lines.linePos(offset).line}`;
    if (document.errors.length > 0) {
      problems.push(...document.errors.map(({ pos, message }) => ({ at: place(pos[0]), message })));
      return [];
    }
    const start = place(document.contents?.range?.[0] ?? 0);
    return flatten(document.toJS({ maxAliasCount: 1000 }), start, problems);
  });
}

function flatten(read: unknown, place: string, problems: Problem[]): ApiObject[] {
  if (read === null) return [];
  if (isRecord(read) && Array.isArray(read.items) && String(read.kind).endsWith("List")) {
    const kind = String(read.kind).slice(0, -"List".length);
    const type = kind === "" ? {} : { kind, apiVersion: read.apiVersion };
    return read.items.flatMap((item) => flatten(isRecord(item) ? { ...type, ...item } : item, place, problems));
  }
  if (isObject(read)) return [fresh(read)];
  problems.push({ at: place, message: "is not a Kubernetes object: apiVersion, kind and metadata.name are needed" });
  return [];
}

const isObject = (read: unknown): read is ApiObject =>
  isRecord(read) &&
  typeof read.apiVersion === "string" &&
  typeof read.kind === "string" &&
  isRecord(read.metadata) &&
  typeof read.metadata.name === "string";

const timeKey = /(?:Timestamp|Time|At|since)$/;

function fresh(object: ApiObject): ApiObject {
  const json = JSON.stringify(object, (key, value: unknown) => {
    const age = typeof value === "string" && timeKey.test(key) ? /^now-(\d+[smhd])$/.exec(value)?.[1] : undefined;
    const time = age === undefined ? undefined : relativeTime(age);
    return time === undefined ? value : timestamp(time);
  });
  return JSON.parse(json);
}
