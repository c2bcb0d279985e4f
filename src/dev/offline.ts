/** Keeps a process on its machine: connections that would leave it fail, and say why. */
import net from "node:net";

const here = /^(?:localhost|127(?:\.\d+){3}|::1)$/;

/** From now on, until the function that is returned is called. What is connected already stays so. */
export function stayOffline(advice: string): () => void {
  const connect = net.Socket.prototype.connect;
  const guarded = function (this: net.Socket, ...args: unknown[]): net.Socket {
    const host = hostOf(args);
    if (host === undefined || here.test(host)) return Reflect.apply(connect, this, args);
    const refusal = new Error(`nothing is sent to ${host}: ${advice}`);
    return this.destroy(Object.assign(refusal, { code: "EOFFLINE" }));
  };
  Reflect.set(net.Socket.prototype, "connect", guarded);
  return () => void Reflect.set(net.Socket.prototype, "connect", connect);
}

/** As `net.connect` takes them, or as it has put them in order; undefined for a path of this machine. */
function hostOf([first, second]: readonly unknown[]): string | undefined {
  if (Array.isArray(first)) return hostOf(first);
  if (typeof first === "object" && first !== null) {
    if ("path" in first && typeof first.path === "string") return undefined;
    return "host" in first && typeof first.host === "string" ? first.host : "localhost";
  }
  if (typeof first === "string" && Number.isNaN(Number(first))) return undefined;
  return typeof second === "string" ? second : "localhost";
}
