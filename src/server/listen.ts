/** Where a server listens. */
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import type { Hono } from "hono";
import { ConfigurationError } from "../errors.ts";
import type { Manifest } from "../playbooks/manifest.ts";

export interface Listener {
  readonly url: string;
  close(): Promise<void>;
}

const loopback = "127.0.0.1";
const everywhere = "0.0.0.0";

export interface Address {
  /** Throws a ConfigurationError where anybody on the network could start actions. */
  admit(manifest: Pick<Manifest, "tokens" | "signers">): void;
  /** Where to listen; settled by the first manifest, as a server does not move. */
  readonly hostname: string;
}

/** Where `host` does not say it: every interface where a token is configured, else loopback alone. */
export function createAddress(host: string | undefined): Address {
  let settled = host;
  return {
    admit({ tokens, signers }) {
      const isGuarded = tokens.length > 0 || signers.length > 0;
      settled ??= isGuarded ? everywhere : loopback;
      if (isGuarded || settled === loopback || settled === "::1" || settled === "localhost") return;
      const message = `without a token in auth.tokens anybody who reaches ${settled} could start actions; configure one, or listen on ${loopback}`;
      throw new ConfigurationError([{ at: "--host", message }]);
    },
    get hostname() {
      return settled ?? loopback;
    },
  };
}

/** Listens on a port, 0 for any free one; `fetch` answers every request. */
export function listen(fetch: Hono["fetch"], hostname: string, port: number): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname, port }, ({ port: bound }: AddressInfo) => {
      const shown = hostname === everywhere ? loopback : hostname;
      resolve({
        url: `http://${shown.includes(":") ? `[${shown}]` : shown}:${bound}`,
        close: () => new Promise((closed) => server.close(() => closed())),
      });
    });
    server.once("error", reject);
  });
}
