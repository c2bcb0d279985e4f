/** Which sources of repositories cannot be reached now: what was fetched before goes on, and people should know. */
import type { Logger } from "../log.ts";

export interface Away {
  /** Logs what is new, and no more: sources are asked again and again. */
  onAsked(repository: string, away?: string): void;
  /** It is asked no more. */
  onEnded(repository: string): void;
  /** Why, by repository. */
  list(): Readonly<Record<string, string>>;
}

export function createAway(log: Logger): Away {
  const reasons = new Map<string, string>();
  return {
    onAsked(repository, away) {
      const before = reasons.get(repository);
      if (before === away) return;
      if (away === undefined) {
        reasons.delete(repository);
        log.info("the source of a repository is back", { repository });
      } else {
        reasons.set(repository, away);
        log.warn("the source of a repository cannot be asked; what was fetched before goes on", {
          repository,
          reason: away,
        });
      }
    },
    onEnded: (repository) => void reasons.delete(repository),
    list: () => Object.fromEntries(reasons),
  };
}
