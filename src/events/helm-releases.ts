import { ExecutionBaseEvent } from "./event.ts";
import { type EventClass, eventClass, type Is } from "./event-class.ts";

/** One revision of a release, as Helm keeps it. https://pkg.go.dev/helm.sh/helm/v3/pkg/release#Release */
export interface HelmRelease {
  readonly name: string;
  readonly namespace: string;
  /** The revision: 1 when it was installed, and one more with each upgrade and rollback. */
  readonly version: number;
  readonly info: {
    readonly status: HelmStatus;
    readonly description?: string;
    /** What the chart says to whoever installs it. */
    readonly notes?: string;
    /** RFC 3339, as all of them. */
    readonly firstDeployed?: string;
    readonly lastDeployed?: string;
    readonly deleted?: string;
  };
  readonly chart: {
    readonly name: string;
    readonly version: string;
    readonly appVersion?: string;
  };
}

/** https://pkg.go.dev/helm.sh/helm/v3/pkg/release#Status */
export type HelmStatus =
  | "unknown"
  | "deployed"
  | "uninstalled"
  | "superseded"
  | "failed"
  | "uninstalling"
  | "pending-install"
  | "pending-upgrade"
  | "pending-rollback";

/** Something is the matter with a release of Helm, or it was deployed. */
export interface HelmReleasesEvent extends ExecutionBaseEvent, Is<"HelmReleasesEvent"> {
  readonly helmRelease: HelmRelease;
}
export const HelmReleasesEvent: EventClass<HelmReleasesEvent> = eventClass("HelmReleasesEvent", ExecutionBaseEvent);
