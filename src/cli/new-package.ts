/** What `cortado playbooks new` writes. */
import packageJson from "../../package.json" with { type: "json" };

/** The files of a new package, by their paths. */
export function packageFiles(name: string): Readonly<Record<string, string>> {
  return {
    "package.json": json({
      name,
      version: "0.1.0",
      private: true,
      type: "module",
      scripts: { test: "cortado playbooks test" },
      peerDependencies: { cortado: `^${packageJson.version}`, zod: `^${packageJson.dependencies.zod}` },
      // Linked by `cortado playbooks`, so that npm asks no registry for it.
      peerDependenciesMeta: { cortado: { optional: true } },
      devDependencies: {
        "@types/node": `^${packageJson.devDependencies["@types/node"]}`,
        typescript: `^${packageJson.devDependencies.typescript}`,
      },
    }),
    "tsconfig.json": json({
      compilerOptions: {
        target: "es2024",
        module: "nodenext",
        types: ["node"],
        strict: true,
        noUncheckedIndexedAccess: true,
        exactOptionalPropertyTypes: true,
        verbatimModuleSyntax: true,
        erasableSyntaxOnly: true,
        allowImportingTsExtensions: true,
        skipLibCheck: true,
        noEmit: true,
      },
      include: ["src", "test"],
    }),
    "src/my-action.ts": action,
    "test/my-action.test.ts": test,
    "README.md": readme(name),
    ".gitignore": "node_modules/\n",
  };
}

const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;

const action = `import { action, markdown, PodEvent } from "cortado";
import * as z from "zod";

export const myAction = action({
  name: "my_action",
  description: "Shows which processes run in the pod.",
  on: PodEvent,
  effects: "read",
  permissions: [
    { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
    { apiGroups: [""], resources: ["pods/exec"], verbs: ["get", "create"] },
  ],
  params: z.strictObject({
    command: z.string().default("ps aux").describe("What to run in the pod."),
  }),
  async run(event, { command }, { log }) {
    // An alert may name no pod, or one that is gone by now.
    const pod = await event.getPod();
    if (!pod) return log.warn("no pod on this event");
    const { output } = await pod.exec(command);
    event.addEnrichment([markdown(\`*\${command}* in \${pod.metadata.name}:\\n\\\`\\\`\\\`\\n\${output.trimEnd()}\\n\\\`\\\`\\\`\`)]);
  },
});
`;

const test = `import assert from "node:assert/strict";
import { test } from "node:test";
import { podEvent, runAction } from "cortado/testing";
import { myAction } from "../src/my-action.ts";

test("my_action shows the processes", async () => {
  const event = podEvent({ pod: { metadata: { name: "api-1" } }, exec: "PID USER\\n1 root\\n" });
  const { blocks } = await runAction(myAction, event);
  assert.deepEqual(blocks, [
    { type: "markdown", text: "*ps aux* in api-1:\\n\`\`\`\\nPID USER\\n1 root\\n\`\`\`" },
  ]);
});
`;

const readme = (name: string) => `# ${name}

Actions for Cortado: \`src/my-action.ts\`, tested in \`test/\`.

    npm install                   # TypeScript and zod, for editors and for the types
    cortado playbooks test .      # types and tests
    cortado playbooks push .      # live on the server a second later
`;
