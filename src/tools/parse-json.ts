import { BadRequestError, describeError } from "../errors.ts";

/** Throws a BadRequestError. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadRequestError(`the body is not JSON: ${describeError(error)}`);
  }
}
