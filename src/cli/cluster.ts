import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmbeddedCluster } from "../dev/embedded-cluster.ts";

/** Runs the embedded cluster until it is stopped. Prints the path of a kubeconfig for it. */
export async function cluster({ objects, port }: { objects?: readonly string[]; port?: number }): Promise<void> {
  const { kubeconfig, url } = await startEmbeddedCluster({
    ...(objects === undefined ? {} : { objects }),
    ...(port === undefined ? {} : { port }),
  });
  const folder = await mkdtemp(path.join(tmpdir(), "cortado-cluster-"));
  const file = path.join(folder, "kubeconfig");
  await writeFile(file, kubeconfig, { mode: 0o600 });
  console.error(`The embedded cluster listens on ${url}; Ctrl-C ends it. Its kubeconfig:`);
  console.log(file);
}
