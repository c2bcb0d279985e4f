/** Text with places for what a finding is about. */
import type { Subject } from "./finding.ts";

/** `$$`, `${anything}`, `$labels.word`, `$word`. */
const place = /\$(?:\$|\{([^{}]*)\}|((?:labels|annotations)\.\w+|[A-Za-z_]\w*))/g;

const unknown = "<missing>";

/**
 * Fills `$name`, `$kind`, `$namespace`, `$node`, `${labels.X}` and `${annotations.X}` with what the subject has, and with `<missing>`
 * where it has no such thing. Braces may stand around every name; `$$` is a dollar sign.
 *
 * @example fillTemplate("$kind $name of ${labels.team}", event.getSubject())
 */
export function fillTemplate(template: string, subject: Subject): string {
  return template.replace(place, (found, braced: string | undefined, bare: string | undefined) =>
    found === "$$" ? "$" : lookUp((braced ?? bare ?? "").trim(), subject),
  );
}

function lookUp(name: string, { name: subjectName, kind, namespace, node, labels, annotations }: Subject): string {
  const plain: Readonly<Record<string, string | undefined>> = { name: subjectName, kind, namespace, node };
  const [group, ...rest] = name.split(".");
  if (rest.length === 0) return own(plain, name) ?? unknown;
  const texts = group === "labels" ? labels : group === "annotations" ? annotations : {};
  return own(texts, rest.join(".")) ?? unknown;
}

const own = (texts: Readonly<Record<string, string | undefined>>, key: string): string | undefined =>
  Object.hasOwn(texts, key) ? texts[key] : undefined;
