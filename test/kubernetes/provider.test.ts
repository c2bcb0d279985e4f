import { describe, expect, it } from "vitest";
import { providerOf } from "../../src/kubernetes/provider.ts";

describe("who runs a cluster, by one of its nodes", () => {
  it.each<[string, { name?: string; labels?: Record<string, string>; providerID?: string }]>([
    ["EKS", { providerID: "aws:///eu-west-1a/i-0123456789" }],
    ["EKS", { labels: { "eks.amazonaws.com/nodegroup": "workers" } }],
    ["Kops", { providerID: "aws:///eu-west-1a/i-0123456789", labels: { "kops.k8s.io/instancegroup": "nodes" } }],
    ["GKE", { providerID: "gce://project/zone/gke-node-1" }],
    ["GKE", { labels: { "cloud.google.com/gke-nodepool": "default-pool" } }],
    ["AKS", { providerID: "azure:///subscriptions/1/virtualMachines/0" }],
    ["Kind", { providerID: "kind://docker/kind/kind-control-plane" }],
    ["Minikube", { labels: { "minikube.k8s.io/name": "minikube" } }],
    ["RancherDesktop", { name: "lima-rancher-desktop", providerID: "k3s://lima-rancher-desktop" }],
    ["DigitalOcean", { providerID: "digitalocean://123" }],
    ["Kapsule", { providerID: "scaleway://instance/fr-par-1/1" }],
    ["Unknown", { providerID: "k3s://server-0" }],
    ["Unknown", {}],
  ])("%s: %o", (provider, { name = "node-1", labels = {}, providerID }) => {
    const spec = providerID === undefined ? {} : { providerID };
    expect(providerOf({ metadata: { name, labels }, spec })).toBe(provider);
  });
});
