import { describe, expect, it } from "vitest";
import type { Subject } from "../../src/findings/finding.ts";
import { fillTemplate } from "../../src/findings/template.ts";

const subject: Subject = {
  name: "api-1",
  kind: "pod",
  namespace: "shop",
  labels: { team: "checkout", "app.kubernetes.io/name": "api", empty: "" },
  annotations: { "example.com/owner": "$name" },
};
const none: Subject = { name: "Unresolved", kind: "none", labels: {}, annotations: {} };

describe("fillTemplate", () => {
  it.each<[string, string]>([
    ["$kind $namespace/$name", "pod shop/api-1"],
    [`\${kind}s of \${ namespace }`, "pods of shop"],
    ["on $node", "on <missing>"],
    [`\${labels.team}, \${labels.app.kubernetes.io/name}, $labels.team.`, "checkout, api, checkout."],
    [`[\${labels.empty}]`, "[]"],
    [`\${labels.nobody} \${annotations.nothing}`, "<missing> <missing>"],
    [`\${labels.constructor} \${labels.__proto__} $constructor`, "<missing> <missing> <missing>"],
    [`$nothing \${} \${status.phase}`, "<missing> <missing> <missing>"],
    [`\${annotations.example.com/owner}`, "$name"],
    ["$$name costs 5$ or $5", "$name costs 5$ or $5"],
    [`\${name`, `\${name`],
    ["", ""],
  ])("%j is %j", (template, text) => {
    expect(fillTemplate(template, subject)).toBe(text);
  });

  it("has a name and a kind for nothing, too", () => {
    expect(fillTemplate("$kind $name $namespace", none)).toBe("none Unresolved <missing>");
  });
});
