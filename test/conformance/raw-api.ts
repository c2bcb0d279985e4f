import type { KubeConfig } from "@kubernetes/client-node";
import { type Api, createApi } from "../../src/kubernetes/api.ts";
import { connect } from "../../src/kubernetes/connection.ts";

/** An API server without the port, for what a test must write and the port does not. */
export function rawApi(kubeConfig: KubeConfig): { readonly api: Api; readonly close: () => void } {
  const connection = connect(kubeConfig);
  return { api: createApi({ name: "raw", connection, timeoutMilliseconds: 10_000 }), close: connection.close };
}
