/**
 * Label selectors, with the API server's grammar and its words for what it does not understand.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
 */

/** What a label must be. `=` and `!=` are `in` and `notin` of one value. */
export interface Requirement {
  readonly key: string;
  readonly operator: "exists" | "absent" | "in" | "notin" | ">" | "<";
  readonly values: readonly string[];
}

/** A text that is no label selector; the message is the API server's. */
export class LabelSelectorError extends Error {}

type Labels = Readonly<Record<string, string>>;

/** All of the requirements must hold; none where the text is empty. Throws a LabelSelectorError. */
export const parseLabelSelector = (text: string): readonly Requirement[] => new Parser(text).parse();

export function meets(labels: Labels, { key, operator, values }: Requirement): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "exists":
      return value !== undefined;
    case "absent":
      return value === undefined;
    case "in":
      return value !== undefined && values.includes(value);
    case "notin":
      return value === undefined || !values.includes(value);
    default:
      return ordered(value ?? "", operator, Number(values[0]));
  }
}

const ordered = (value: string, operator: ">" | "<", limit: number): boolean =>
  /^-?\d+$/.test(value) && (operator === ">" ? Number(value) > limit : Number(value) < limit);

const endOfInput = "";

/** Words, operators and punctuation. */
function tokensOf(text: string): string[] {
  return text.match(/==|!=|[=!<>(),]|[^\s=!<>(),]+/g) ?? [];
}

const isWord = (token: string): boolean => token !== endOfInput && !/^[=!<>(),]/.test(token);
const noRequirement = (what: string) => new LabelSelectorError(`unable to parse requirement: ${what}`);

class Parser {
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
      if (comma !== ",") throw new LabelSelectorError(`found '${comma}', expected: ',' or 'end of string'`);
      const following = this.#peek();
      if (!isWord(following) && following !== "!") {
        throw new LabelSelectorError(`found '${following}', expected: identifier after ','`);
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
      return { key: this.#key(), operator: "absent", values: [] };
    }
    const key = this.#key();
    const operator = this.#peek();
    if (operator === endOfInput || operator === ",") return { key, operator: "exists", values: [] };
    this.#take();
    return { key, ...this.#comparison(operator) };
  }

  #comparison(operator: string): Omit<Requirement, "key"> {
    switch (operator) {
      case "=":
      case "==":
        return { operator: "in", values: [this.#value()] };
      case "!=":
        return { operator: "notin", values: [this.#value()] };
      case "in":
      case "notin":
        return { operator, values: this.#values() };
      case ">":
      case "<":
        return { operator, values: [this.#limit()] };
      default:
        throw noRequirement(`found '${operator}', expected: '=', '!=', '==', 'in', notin'`);
    }
  }

  #limit(): string {
    const limit = this.#value();
    if (!/^-?\d+$/.test(limit)) throw noRequirement("for 'Gt', 'Lt' operators, the value must be an integer");
    return limit;
  }

  #key(): string {
    const key = this.#take();
    if (!isWord(key)) throw new LabelSelectorError(`found '${key}', expected: !, identifier, or 'end of string'`);
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

  #values(): readonly string[] {
    const open = this.#take();
    if (open !== "(") throw noRequirement(`found '${open}' expected: '('`);
    const values: string[] = [];
    for (;;) {
      values.push(this.#value());
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
