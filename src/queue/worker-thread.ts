/** The worker's end of the worker pool: takes deliveries from the main thread, works them, and says what became of them. */
import type { MessagePort } from "node:worker_threads";
import type { Delivery, InvocationDelivery } from "../delivery.ts";
import { ConfigurationError, describeError, type FieldProblem, isCortadoError } from "../errors.ts";
import type { Manifest, Sources } from "../playbooks/manifest.ts";
import type { TraceEvent } from "../trace.ts";
import type { FromWorker, ToWorker } from "./pool-thread.ts";
import type { Outcome } from "./queue.ts";

export interface ThreadHooks {
  readonly trace: (event: TraceEvent) => void;
  /** Entries were put into the queue: the main thread should look. */
  readonly wake: () => void;
  /** The generation that is being loaded is made of these. */
  readonly sources: (sources: Sources) => void;
}

export interface ThreadWork {
  readonly manifest: Manifest;
  work(delivery: Delivery): Promise<Outcome>;
  /** Every reason why an invocation cannot be run, by the schemas of the actions; none where it can. */
  check(invocation: InvocationDelivery): readonly FieldProblem[];
  close(): void;
}

/** Serves one worker thread until it is told to stop; deliveries in work are finished first. */
export async function serveWorkerThread(
  port: MessagePort,
  open: (hooks: ThreadHooks) => Promise<ThreadWork>,
): Promise<void> {
  const send = (message: FromWorker) => port.postMessage(message);
  const inWork = new Set<Promise<void>>();
  const pong = (message: ToWorker) => {
    if (message.type === "ping") send({ type: "pong" });
  };
  // What it loads is playbook code, and may block it for ever.
  port.on("message", pong);
  send({ type: "loading" });
  let thread: ThreadWork;
  try {
    thread = await open({
      trace: (event) => send({ type: "trace", event }),
      wake: () => send({ type: "wake" }),
      sources: (sources) => send({ type: "sources", sources }),
    });
  } catch (error) {
    const problem = isCortadoError(error) ? error.message : describeError(error);
    const problems = error instanceof ConfigurationError ? { problems: error.problems } : {};
    send({ type: "refused", problem, ...problems });
    return port.close();
  }
  const workOne = async ({ number, delivery }: ToWorker & { type: "work" }) => {
    send({ type: "outcome", number, outcome: await thread.work(delivery) });
  };
  port.on("message", (message: ToWorker) => {
    if (message.type === "ping") return;
    if (message.type === "stop") {
      void Promise.allSettled(inWork).then(() => {
        thread.close();
        port.close();
      });
      return;
    }
    if (message.type === "check") {
      return send({ type: "checked", number: message.number, problems: thread.check(message.invocation) });
    }
    const done = workOne(message).finally(() => inWork.delete(done));
    inWork.add(done);
  });
  process.on("unhandledRejection", letAbandonedGo);
  send({ type: "ready", manifest: thread.manifest });
}

/** What an action leaves behind and does after its end is refused, which is no reason to end the thread; anything else is. */
function letAbandonedGo(error: unknown): void {
  if (!isCortadoError(error) || error.name !== "AbandonedError") throw error;
}
