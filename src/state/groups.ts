/** What is remembered of findings that belong together, for one sink. */
import type { Clock } from "./clock.ts";
import { createGroupFirst } from "./group-first.ts";
import { createGroupMembers } from "./group-members.ts";
import type { Groups } from "./state.ts";
import type { Table } from "./table.ts";

export interface GroupsOptions {
  readonly table: Table;
  readonly clock?: Clock;
}

export const createGroups = (options: GroupsOptions): Groups => ({
  ...createGroupFirst(options),
  ...createGroupMembers(options),
});
