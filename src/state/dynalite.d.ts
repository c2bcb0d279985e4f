/** What Cortado uses of dynalite 4, which brings no types. */
declare module "dynalite" {
  import type { Server } from "node:http";

  interface DynaliteOptions {
    /** The folder of its LevelDB; in memory without one. */
    readonly path?: string;
    /** How long a new table stays in `CREATING`, in milliseconds. */
    readonly createTableMs?: number;
  }

  /** A server that has not begun to listen. */
  export default function dynalite(options: DynaliteOptions): Server;
}
