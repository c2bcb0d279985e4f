import { expect, it } from "vitest";
import { buttonNotices, buttonsWithoutQueue, slackAppsOf } from "../../src/buttons/apps.ts";
import { openInline } from "../../src/inline.ts";
import { writeFolder } from "../helpers/write-folder.ts";

const sink = (params: object, more: object = {}) => ({
  type: "slack_sink",
  name: "slack",
  at: "cortado.yaml:2",
  params,
  written: params,
  ...more,
});

it("an app is a slack_sink with a signing secret", () => {
  expect(
    slackAppsOf([
      sink({ signing_secret: "s3cret", button_users: ["U1"] }),
      sink({}),
      sink({ signing_secret: "x" }, { type: "webhook_sink" }),
    ]),
  ).toEqual([{ sink: "slack", signingSecret: "s3cret", users: ["U1"] }]);
});

it("also where other params of the sink are secrets of the cluster; but its own secret cannot be one", () => {
  const written = { api_key: "{{ secret.a/b/c }}", signing_secret: "s3cret" };
  expect(slackAppsOf([sink({}, { params: undefined, written })])).toEqual([{ sink: "slack", signingSecret: "s3cret" }]);
  const unreadable = sink({}, { params: undefined, written: { signing_secret: "{{ secret.a/b/c }}" } });
  expect(slackAppsOf([unreadable])).toEqual([]);
  expect(buttonNotices([unreadable])).toEqual([
    { at: "cortado.yaml:2", message: expect.stringContaining("give `signing_secret` as {{ env.NAME }}") },
  ]);
});

it("whoever checks is told which sink shows commands in the place of buttons", () => {
  expect(
    buttonNotices([
      sink({}),
      sink({}, { name: "two" }),
      sink({ signing_secret: "s3cret" }),
      sink({ hide_buttons: true }),
    ]),
  ).toEqual([
    {
      at: "cortado.yaml:2",
      message:
        "What an action offers to run is shown as a command, not as a button, as there is no `signing_secret`: slack, two.",
    },
  ]);
});

it("a function without a queue does not start with buttons", async () => {
  const folder = writeFolder({
    "cortado.yaml":
      "sinksConfig: [{slack_sink: {name: slack, slack_channel: x, api_key: xoxb-1, signing_secret: s3cret}}]",
  });
  const opening = openInline({
    configuration: `${folder}/cortado.yaml`,
    dataDirectory: folder,
    kubeConfig: { from: "text", text: "" },
    table: { kind: "socket", socketPath: `${folder}/none.sock` },
    logLevel: "silent",
    env: {},
  });
  await expect(opening).rejects.toThrow(/cortado\.yaml:1 .*buttons need a queue/);
});

it("where there is no queue there are no buttons", () => {
  expect(buttonsWithoutQueue([sink({}), sink({ signing_secret: "s3cret" })])).toEqual([
    { at: "cortado.yaml:2", message: expect.stringContaining("buttons need a queue, and here there is none") },
  ]);
});
