/** esbuild, for lazy import: it starts a process and is never on the way of a delivery. */
export { build, type Message, type Plugin } from "esbuild";
