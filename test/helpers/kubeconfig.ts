/** A kubeconfig for one server and one user, as YAML (JSON is YAML). */
export function kubeconfigText(parts: {
  readonly server: string;
  readonly cluster?: object;
  readonly user?: object;
}): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server: parts.server, ...parts.cluster } }],
    users: [{ name: "u", user: parts.user ?? {} }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  });
}
