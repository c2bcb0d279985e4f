/** Where the embedded database of a folder listens, and whether anybody does. */
import { createHash } from "node:crypto";
import { lstat, mkdir, readlink, rm, symlink } from "node:fs/promises";
import http from "node:http";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";

/** 104 bytes on macOS, 108 on Linux, with a zero at the end: https://man7.org/linux/man-pages/man7/unix.7.html */
const LONGEST_SOCKET_PATH = 103;
const SOCKET = "db.sock";
/** A socket gets its own name only when the database behind it works, so names are this much longer for a moment. */
const NEW = ".new";

/** The path to connect to, for a folder that has a database. */
export async function findSocket(dir: string): Promise<string> {
  const socket = path.join(dir, SOCKET);
  try {
    return await readlink(socket);
  } catch {
    return socket;
  }
}

/**
 * The path to listen at. A folder whose path is too long for a socket gets one in the system's folder for temporary files, and a link
 * to it. Throws where somebody else owns that one.
 */
export async function placeSocket(dir: string): Promise<string> {
  const socket = path.join(dir, SOCKET);
  if (Buffer.byteLength(socket + NEW) <= LONGEST_SOCKET_PATH) return socket;
  const name = createHash("sha256").update(dir).digest("hex").slice(0, 16);
  const short = path.join(tmpdir(), `cortado-${name}`);
  await mkdir(short, { mode: 0o700, recursive: true });
  const { uid, mode } = await lstat(short);
  if (uid !== userInfo().uid || (mode & 0o077) !== 0) {
    throw new Error(
      `${short} belongs to somebody else, or others may enter it. Remove it, or choose a shorter data folder.`,
    );
  }
  const target = path.join(short, SOCKET);
  await rm(socket, { force: true });
  await symlink(target, socket);
  return target;
}

export function unfinished(socketPath: string): string {
  return socketPath + NEW;
}

/** Whether a database answers there. */
export async function answers(socketPath: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const request = http.get({ socketPath, path: "/", timeout: 2000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}
