/** node-tar, for lazy import: only what fetches a repository needs it. */
export { extract } from "tar";
