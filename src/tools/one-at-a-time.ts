/**
 * Makes of a task one that never runs twice at once: who asks while it runs is answered by one further run, which begins afterwards and has
 * the reasons of all that asked.
 */
export function oneAtATime<T>(task: (reasons: readonly string[]) => Promise<T>): (reason: string) => Promise<T> {
  let running: Promise<unknown> = Promise.resolve();
  let next: { readonly reasons: string[]; readonly result: Promise<T> } | undefined;
  return (reason) => {
    if (next === undefined) {
      const reasons: string[] = [];
      const result = running.then(() => {
        next = undefined;
        return task(reasons);
      });
      running = result.catch(() => undefined);
      next = { reasons, result };
    }
    next.reasons.push(reason);
    return next.result;
  };
}
