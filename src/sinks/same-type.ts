import type { Json } from "../findings/blocks.ts";

/** `true` where what fits one type fits the other, and the other way round; a field that may be left out has to be in both. */
export type Same<A, B> = [A, B, Whole<A>, Whole<B>] extends [B, A, Whole<B>, Whole<A>] ? true : false;

/** With every field there. */
type Whole<T> = [Json] extends [T] ? T : T extends object ? { [K in keyof T]-?: Whole<T[K]> } : T;
