/** Where playbooks are pushed to: a running server over its API, or its table and its bundle store directly. */
import type { PushedRepository } from "../state/state.ts";

export interface TargetOptions {
  /** Of a server; without it the table and the store are used, as `cortado serve` finds them. */
  readonly url?: string;
  readonly token?: string;
  readonly config?: string;
  readonly data?: string;
}

export interface NewVersion {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly packageVersion?: string;
  /** Told how many bytes are on their way. */
  readonly onProgress: (sent: number) => void;
}

export interface Live {
  readonly repository: PushedRepository;
  /** What serves, where a server answered. */
  readonly generation?: string;
}

export interface PushedAction {
  readonly name: string;
  readonly description: string;
}

/** Every method throws a CortadoError where it is refused, with every problem. */
export interface Target {
  /** As people call it. */
  readonly name: string;
  push(version: NewVersion): Promise<Live>;
  rollback(name: string, to: string | undefined): Promise<Live>;
  remove(name: string): Promise<Live>;
  list(): Promise<readonly PushedRepository[]>;
  get(name: string): Promise<PushedRepository>;
  /** Of the live version; none where it is not loaded there. */
  actions(name: string): Promise<readonly PushedAction[]>;
  /** A version's bundle. */
  bundle(name: string, sha256: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

export async function openTarget({ url = process.env.CORTADO_URL, token, ...flags }: TargetOptions): Promise<Target> {
  if (url === undefined) return await (await import("./playbooks-direct.ts")).openDirect(flags);
  return (await import("./playbooks-remote.ts")).openRemote(url, token ?? process.env.CORTADO_TOKEN);
}
