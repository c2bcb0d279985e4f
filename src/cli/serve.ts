import type { EmbeddedCluster } from "../dev/embedded-cluster.ts";
import { defaultAdminPort, defaultPort, runServer } from "../server/run-server.ts";
import { type Settings, settingsFrom } from "../settings.ts";

export interface ServeOptions {
  readonly config?: string;
  readonly port?: number;
  readonly adminPort?: number;
  readonly host?: string;
  readonly kubeconfig?: string;
  readonly cluster?: "embedded";
  readonly objects?: readonly string[];
  readonly data?: string;
}

/** Runs a server until it is stopped; with an embedded cluster where one was asked for. */
export async function serve({ port, adminPort, host, cluster, objects, ...flags }: ServeOptions): Promise<void> {
  const settings = settingsFrom(process.env, flags);
  const embedded = cluster === "embedded" ? await startCluster(objects) : undefined;
  try {
    await runServer({
      settings: embedded === undefined ? settings : onEmbedded(settings, embedded),
      workerEntry: new URL("../../functions/node-worker.ts", import.meta.url),
      port: port ?? defaultPort,
      adminPort: adminPort ?? defaultAdminPort,
      ...(host === undefined ? {} : { host }),
    });
  } catch (error) {
    // It would keep the process.
    await embedded?.close();
    throw error;
  }
}

async function startCluster(objects: readonly string[] | undefined): Promise<EmbeddedCluster> {
  const { startEmbeddedCluster } = await import("../dev/embedded-cluster.ts");
  return await startEmbeddedCluster(objects === undefined ? {} : { objects });
}

const onEmbedded = (settings: Settings, { kubeconfig }: EmbeddedCluster): Settings => ({
  ...settings,
  kubeConfig: { from: "text", text: kubeconfig },
});
