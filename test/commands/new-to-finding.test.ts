/** From nothing to an action's finding: the commands of docs/your-actions.md, one after the other, as processes. */
import path from "node:path";
import { expect, it } from "vitest";
import { listening, runCli } from "../helpers/cli-process.ts";
import { writeFolder } from "../helpers/write-folder.ts";

const environment = { PATH: process.env.PATH, HOME: process.env.HOME };

it("an action that was written, tested and pushed is run on a pod, and its finding is printed", {
  timeout: 120_000,
}, async () => {
  const home = writeFolder({});
  const cortado = async (cwd: string, ...parameters: string[]) => {
    const { exit, out } = runCli(parameters, { cwd, env: environment });
    return { code: await exit, out: await exit.then(out) };
  };
  const server = runCli(["serve", "--cluster", "embedded", "--port", "0", "--admin-port", "0"], {
    cwd: home,
    env: environment,
  });
  expect(await cortado(home, "playbooks", "new", "shop-actions")).toMatchObject({ code: 0 });
  const written = path.join(home, "shop-actions");
  expect(await cortado(written, "playbooks", "test")).toMatchObject({
    code: 0,
    out: expect.stringContaining("my_action"),
  });

  const url = await listening(server);
  expect(await cortado(written, "playbooks", "push", "--url", url)).toMatchObject({
    code: 0,
    out: expect.stringContaining("live"),
  });
  const target = "pod/shop/web-5c8d7f9b6d-4kqpz";
  const ran = await cortado(written, "trigger", "my_action", "--target", target, "--no-sinks", "--url", url);
  expect(ran).toMatchObject({ code: 0, out: expect.stringContaining("my_action on Pod shop/web-") });
  expect(ran.out).toContain("PID");
});
