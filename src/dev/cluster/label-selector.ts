/** Label selectors, with the API server's grammar and its words for what it does not understand. */

import { badRequest } from "./status.ts";
import type { ApiObject } from "./store.ts";

export type Selector = (object: ApiObject) => boolean;

type Labels = Readonly<Record<string, string>>;
type Requirement = (labels: Labels) => boolean;

const endOfInput = "";

/** Words, operators and punctuation of a label selector: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ */
function tokensOf(text: string): string[] {
  return text.match(/==|!=|[=!<>(),]|[^\s=!<>(),]+/g) ?? [];
}

const isWord = (token: string): boolean => token !== endOfInput && !/^[=!<>(),]/.test(token);
const noRequirement = (what: string) => badRequest(`unable to parse requirement: ${what}`);

class LabelSelectorParser {
  readonly #tokens: string[];
  #next = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    while (this.#peek() !== endOfInput) {
      requirements.push(this.#requirement());
      if (this.#peek() === endOfInput) break;
      const comma = this.#take();
      if (comma !== ",") throw badRequest(`found '${comma}', expected: ',' or 'end of string'`);
      const following = this.#peek();
      if (!isWord(following) && following !== "!") {
        throw badRequest(`found '${following}', expected: identifier after ','`);
      }
    }
    return requirements;
  }

  #peek(): string {
    return this.#tokens[this.#next] ?? endOfInput;
  }

  #take(): string {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }

  #requirement(): Requirement {
    if (this.#peek() === "!") {
      this.#take();
      const absent = this.#key();
      return (labels) => !Object.hasOwn(labels, absent);
    }
    const key = this.#key();
    const operator = this.#peek();
    if (operator === endOfInput || operator === ",") return (labels) => Object.hasOwn(labels, key);
    this.#take();
    return this.#comparison(key, operator);
  }

  #comparison(key: string, operator: string): Requirement {
    switch (operator) {
      case "=":
      case "==": {
        const wanted = this.#value();
        return (labels) => Object.hasOwn(labels, key) && labels[key] === wanted;
      }
      case "!=": {
        const unwanted = this.#value();
        return (labels) => !Object.hasOwn(labels, key) || labels[key] !== unwanted;
      }
      case "in": {
        const values = this.#values();
        return (labels) => Object.hasOwn(labels, key) && values.has(labels[key] ?? "");
      }
      case "notin": {
        const values = this.#values();
        return (labels) => !Object.hasOwn(labels, key) || !values.has(labels[key] ?? "");
      }
      case ">":
      case "<":
        return this.#order(key, operator);
      default:
        throw noRequirement(`found '${operator}', expected: '=', '!=', '==', 'in', notin'`);
    }
  }

  #order(key: string, operator: ">" | "<"): Requirement {
    const limit = this.#value();
    if (!/^-?\d+$/.test(limit)) throw noRequirement("for 'Gt', 'Lt' operators, the value must be an integer");
    const sign = operator === ">" ? 1 : -1;
    return (labels) => /^-?\d+$/.test(labels[key] ?? "") && sign * (Number(labels[key]) - Number(limit)) > 0;
  }

  #key(): string {
    const key = this.#take();
    if (!isWord(key)) throw badRequest(`found '${key}', expected: !, identifier, or 'end of string'`);
    if (!isLabelKey(key)) throw noRequirement(`invalid label key "${key}": ${labelKeyRule}`);
    return key;
  }

  #value(): string {
    const token = this.#peek();
    if (token === endOfInput || token === ",") return "";
    this.#take();
    if (!isWord(token)) throw noRequirement(`found '${token}', expected: identifier`);
    return token;
  }

  #values(): ReadonlySet<string> {
    const open = this.#take();
    if (open !== "(") throw noRequirement(`found '${open}' expected: '('`);
    const values = new Set<string>();
    for (;;) {
      values.add(this.#value());
      const separator = this.#take();
      if (separator === ")") return values;
      if (separator !== ",") throw noRequirement(`found '${separator}', expected: ',' or ')'`);
    }
  }
}

const isLabelKey = (key: string): boolean =>
  /^(?:[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(key);

const labelKeyRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
  "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
  "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

export function labelSelector(text: string): Selector {
  const requirements = new LabelSelectorParser(text).parse();
  return ({ metadata }) => requirements.every((holds) => holds(metadata.labels ?? {}));
}
