/** What the API is made of: actions run by hand, their runs, and what there is to run. */
import type { ClusterRules } from "../auth/authenticate.ts";
import type { CallerServices } from "../caller.ts";
import type { InvocationDelivery } from "../delivery.ts";
import type { FieldProblem } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { ActionFacts } from "../playbooks/action-facts.ts";
import type { RunRecord } from "../playbooks/run-record.ts";
import type { Ledgers, RunStore } from "../state/state.ts";
import type { Endings } from "./endings.ts";
import type { PlaybookServices } from "./playbooks.ts";

export interface ApiServices extends CallerServices {
  /** The hash of the generation that serves. */
  readonly generation: string;
  readonly actions: readonly ActionFacts[];
  /** Where there are any, these alone may be run by hand. */
  readonly lightActions: readonly string[];
  readonly clusters: ClusterRules;
  /** Throws an UnavailableError where they are not taken over. */
  readonly accept: (deliveries: readonly InvocationDelivery[]) => Promise<unknown>;
  /** Every reason why it cannot be run, by the action's own schema; none where it can. Throws an UnavailableError. */
  readonly check: (invocation: InvocationDelivery) => Promise<readonly FieldProblem[]>;
  readonly runs: RunStore<RunRecord>;
  readonly ledgers: Pick<Ledgers, "read" | "take" | "requestCancel">;
  /** Absent where work ends before `accept` does, or in another process. */
  readonly endings?: Pick<Endings, "ended" | "stopped">;
  /** Present where repositories can be pushed. */
  readonly pushing?: PlaybookServices;
  readonly log: Logger;
  /** For the metrics: an invocation that was refused, with the status that its caller was told. */
  readonly onRefused: (status: number) => void;
}
