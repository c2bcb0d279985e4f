/** How a query reaches a server: what both ways have in common. */

export type Endpoint = "query" | "query_range";

export interface Question {
  readonly endpoint: Endpoint;
  readonly form: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  /** The header, as it came. */
  readonly retryAfter: string | undefined;
  readonly text: string;
}

export interface Transport {
  /** Names the server for people: `at prometheus.example.com`. Without anything that may be secret. */
  readonly where: string;
  /** The same for every way to the same server: who shares it waits in one queue. */
  readonly server: string;
  /** The answer, whatever its status. Throws where there is none, and where it is longer than `maxAnswerBytes`. */
  send(question: Question, signal: AbortSignal): Promise<Answer>;
  /** The text without the credentials that are sent along. */
  scrub(text: string): string;
}

/** Some thousand series of 250 points. */
export const maxAnswerBytes = 16 * 1024 * 1024;

/** An answer that is not read to its end. */
export class AnswerTooLongError extends Error {
  override readonly name = "AnswerTooLongError" as const;
}
