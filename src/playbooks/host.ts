/** What bundles get of this Cortado. */
import * as z from "zod";
import type { HostModules } from "../bundles/host.ts";
import * as cortado from "../index.ts";

export const host: HostModules = { cortado, zod: z };
