/** Debian's sshd, run by hand on loopback, with host keys, a configuration and users of its own. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

const program = process.env.CORTADO_TEST_SSHD ?? "/usr/sbin/sshd";

/** Why it cannot be run here; undefined where it can. */
export function sshdObstacle(): string | undefined {
  if (existsSync(program)) return undefined;
  return `there is no ${program}; Debian's package openssh-server has it, and it need not be started`;
}

export interface Sshd {
  /** `ssh://user@127.0.0.1:port`, to which a path is added. */
  readonly url: string;
  /** As problems name it. */
  readonly host: string;
  /** Its line for `known_hosts`. */
  readonly knownHost: string;
  close(): Promise<void>;
}

export interface KeyPair {
  /** The private key's text. */
  readonly key: string;
  readonly publicKey: string;
}

export function makeKey(options: { readonly passphrase?: string } = {}): KeyPair {
  const folder = mkdtempSync(join(tmpdir(), "cortado-key-"));
  try {
    const file = join(folder, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", options.passphrase ?? "", "-C", "", "-f", file]);
    return { key: readFileSync(file, "utf8"), publicKey: readFileSync(`${file}.pub`, "utf8").trim() };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The port of one that was closed may be given, to stand in its place. */
export async function startSshd(
  authorized: readonly string[],
  port?: number,
): Promise<Sshd & { readonly port: number }> {
  const folder = mkdtempSync(join(tmpdir(), "cortado-sshd-"));
  const { key, publicKey } = makeKey();
  const at = port ?? (await freePort());
  const host = `[127.0.0.1]:${at}`;
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const configuration = [
    `Port ${at}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${file("host_key", key)}`,
    `AuthorizedKeysFile ${file("authorized_keys", `${authorized.join("\n")}\n`)}`,
    "StrictModes no",
    "UsePAM no",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PidFile none",
    "",
  ].join("\n");
  // Where the service has never been started, nobody has made it.
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const child = spawn(program, ["-D", "-e", "-f", file("config", configuration)], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const chunks: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const ended = once(child, "close");
  await listening(at, () => {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${Buffer.concat(chunks).toString("utf8")}`);
  });
  return {
    url: `ssh://${userInfo().username}@127.0.0.1:${at}`,
    host,
    port: at,
    knownHost: `${host} ${publicKey}`,
    async close() {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function listening(port: number, check: () => void): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    check();
    const socket = connect(port, "127.0.0.1");
    const answers = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (answers) return;
    await new Promise((resume) => setTimeout(resume, 10));
  }
  throw new Error("sshd does not listen");
}
