/** Why images cannot be pulled, read off what kubelets and container runtimes write. */
import type { KubernetesEvent, Pod } from "../../index.ts";

export interface FailingPull {
  readonly container: string;
  readonly image: string;
  /** What the container's status says. */
  readonly message: string;
}

/** The reasons for which a container waits that has no image. */
export const waitsForImage = /^(ImagePullBackOff|ErrImagePull|InvalidImageName|ErrImageNeverPull|RegistryUnavailable)$/;

export function failingPulls({ status }: Pod): FailingPull[] {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return statuses.flatMap(({ name, image, state }) =>
    waitsForImage.test(state?.waiting?.reason ?? "")
      ? [{ container: name, image, message: state?.waiting?.message ?? "" }]
      : [],
  );
}

/** What the pod's events say of failed pulls, newest first. */
export const pullMessages = (events: readonly KubernetesEvent[]): string[] =>
  events
    .filter(
      ({ reason, message = "" }) => /^(Failed|InspectFailed|ErrImageNeverPull)$/.test(reason ?? "") && message !== "",
    )
    .map(({ message = "" }) => message)
    .reverse();

/** The first that fits; a registry says `not found` in the same breath as `denied` where it does not want to tell. */
const causes: readonly (readonly [RegExp, string])[] = [
  [/invalid ?image ?name|couldn't parse image|invalid reference format/i, "its name is not one that an image can have"],
  [
    /x509|certificate|http: server gave HTTP response to HTTPS client/i,
    "the node does not trust the registry's certificate, or the registry has none",
  ],
  [
    /toomanyrequests|429 Too Many|rate limit/i,
    "the registry's limit of pulls is used up; pull with credentials, or from a mirror",
  ],
  [/no space left/i, "the node's disk is full"],
  [
    /no match for platform|no matching manifest/i,
    "there is no image of this name for the node's operating system and processor",
  ],
  [
    /unauthorized|authorization failed|denied|no basic auth|forbidden/i,
    "the registry does not let the node have it: it does not exist, or the pod has no imagePullSecret that fits",
  ],
  [/manifest unknown|not found|name unknown|does not exist/i, "the registry has no such repository or tag"],
  [
    /no such host|dial tcp|connection refused|i\/o timeout|timeout|deadline exceeded|network is unreachable|EOF|failed to do request/i,
    "the registry cannot be reached from the node",
  ],
  [/never|not present with pull policy/i, "it is not on the node, and the pod's pull policy is Never"],
];

/** In words for a reader; undefined where the message says none. The image's name is no part of what is looked at. */
export const causeOf = (message: string, image: string): string | undefined =>
  causes.find(([pattern]) => pattern.test(message.replaceAll(image, "")))?.[1];
