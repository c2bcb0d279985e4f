/** Logs and commands of the embedded cluster, as the official client gets them. */
import { Writable } from "node:stream";
import { Exec, type KubeConfig, Log, type V1Status } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import type { ApiObject } from "../../src/dev/embedded-cluster.ts";
import { embeddedClusters, podObject as pod } from "../helpers/embedded-clusters.ts";

const start = embeddedClusters();

const collector = () => {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
};

async function execute(kubeConfig: KubeConfig, command: string[], { name = "one", container = "main" } = {}) {
  const out = collector();
  const err = collector();
  const { promise, resolve } = Promise.withResolvers<V1Status>();
  await new Exec(kubeConfig).exec("default", name, container, command, out.stream, err.stream, null, false, resolve);
  const status = await promise;
  return { stdout: out.text(), stderr: err.text(), status };
}

describe("logs", () => {
  const annotations = {
    "embedded.cortado.dev/logs": "now-1h old\nnow-5s new\nundated\n",
    "embedded.cortado.dev/logs.side": "aside\n",
    "embedded.cortado.dev/previous-logs": "gone\n",
  };

  it.each([
    [{}, "old\nnew\nundated\n"],
    [{ container: "side" }, "aside\n"],
    [{ container: "main", previous: true }, "gone\n"],
    [{ container: "main", tailLines: 1 }, "undated\n"],
    [{ container: "main", sinceSeconds: 60 }, "new\nundated\n"],
    [{ container: "main", limitBytes: 6 }, "old\nne"],
  ])("%o", async (options, text) => {
    const main = { "kubectl.kubernetes.io/default-container": "main" };
    const { core } = await start({
      objects: [pod("one", { annotations: { ...annotations, ...main } }, ["main", "side"])],
    });
    expect(await core.readNamespacedPodLog({ name: "one", namespace: "default", ...options })).toBe(text);
  });

  it("by script, which counts more than an annotation", async () => {
    const { cluster, kubeConfig } = await start({ objects: [pod("one", { annotations })] });
    cluster.scripts.log({ namespace: "default", pod: "one", log: [{ text: "scripted\n" }] });
    const { stream, text } = collector();
    await new Log(kubeConfig).log("default", "one", "main", stream);
    await new Promise((done) => stream.once("finish", done));
    expect(text()).toBe("scripted\n");
  });
});

describe("exec", () => {
  const environment = [{ name: "LEVEL", value: "info" }];
  const answers = [
    { command: "uptime", stdout: "up 3 days\n" },
    { regex: "^curl ", stderr: "curl: (7) refused\n", exitCode: 7 },
    { command: "ps aux", container: "side", stdout: "aside\n" },
  ];
  const busy = (): ApiObject => ({
    ...pod("one", { annotations: { "embedded.cortado.dev/exec": JSON.stringify(answers) } }),
    spec: {
      containers: [
        { name: "main", image: "registry.test/shop/api:1", args: ["serve"], env: environment },
        { name: "side", image: "registry.test/side:1" },
      ],
    },
  });

  it.each([
    ["a script", ["uptime"], "up 3 days\n", "", 0],
    ["a script, by a shell", ["sh", "-c", "uptime"], "up 3 days\n", "", 0],
    ["a pattern", ["curl", "http://api"], "", "curl: (7) refused\n", 7],
    ["the name of the pod", ["hostname"], "one\n", "", 0],
    ["arguments as they are", ["echo", "a  b", "$HOME"], "a  b $HOME\n", "", 0],
    ["several commands", ["sh", "-c", "echo out; echo 'e r r' >&2 && false; exit 3"], "out\n", "e r r\n", 3],
    ["what comes after a failure", ["sh", "-c", "false && echo no; echo yes"], "yes\n", "", 0],
    ["its environment", ["sh", "-c", "env"], expect.stringContaining("LEVEL=info\n"), "", 0],
    ["its processes", ["ps", "aux"], expect.stringContaining("/usr/bin/api serve\n"), "", 0],
    ["a folder that is not there", ["ls", "/nope"], "", "ls: /nope: No such file or directory\n", 1],
    ["a program that is not there", ["sh", "-c", "nosuch x"], "", "sh: 1: nosuch: not found\n", 127],
  ])("answers %s", async (_, command, stdout, stderr, exitCode) => {
    const { kubeConfig } = await start({ objects: [busy()] });
    const ended = await execute(kubeConfig, command);
    expect({ stdout: ended.stdout, stderr: ended.stderr }).toEqual({ stdout, stderr });
    const causes = ended.status.details?.causes?.map(({ reason, message }) => [reason, message]);
    expect(ended.status.status).toBe(exitCode === 0 ? "Success" : "Failure");
    expect(causes).toEqual(exitCode === 0 ? undefined : [["ExitCode", String(exitCode)]]);
  });

  it("answers by container, and by the newest script first", async () => {
    const { cluster, kubeConfig } = await start({ objects: [busy()] });
    expect((await execute(kubeConfig, ["ps", "aux"], { container: "side" })).stdout).toBe("aside\n");
    cluster.scripts.exec({ pod: "one", command: /aux$/, stdout: "first\n", delayMs: 5 });
    cluster.scripts.exec({ pod: "two", stdout: "never\n" });
    expect((await execute(kubeConfig, ["ps", "aux"], { container: "side" })).stdout).toBe("first\n");
  });

  it("cannot start a program that is not there", async () => {
    const { kubeConfig } = await start({ objects: [busy()] });
    const { status } = await execute(kubeConfig, ["nosuch"]);
    expect(status).toMatchObject({ status: "Failure", reason: "InternalError", code: 500 });
  });

  it("cuts the connection where that is scripted", async () => {
    const { cluster, kubeConfig } = await start({ objects: [busy()] });
    cluster.scripts.exec({ command: "uptime", stdout: "half", drop: true });
    const { stream, text } = collector();
    const socket = await new Exec(kubeConfig).exec("default", "one", "main", ["uptime"], stream, null, null, false);
    const code = await new Promise((closed) =>
      socket.addEventListener("close", (event: { code: number }) => closed(event.code)),
    );
    expect({ code, text: text() }).toEqual({ code: 1006, text: "half" });
  });

  it("is refused before the upgrade", async () => {
    const { kubeConfig } = await start({ objects: [busy()] });
    await expect(execute(kubeConfig, ["ls"], { name: "gone" })).rejects.toMatchObject({
      message: expect.stringContaining("404"),
    });
    await expect(execute(kubeConfig, ["ls"], { container: "gone" })).rejects.toMatchObject({
      message: expect.stringContaining("400"),
    });
  });
});
