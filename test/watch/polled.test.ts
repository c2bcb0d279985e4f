import { expect, it, onTestFinished, vi } from "vitest";
import { watchPolled } from "../../src/watch/polled.ts";

it("tells that the answer is another one, and nothing of failures in between", async () => {
  const answers = ["a", "a", undefined, "a", "b", "b"];
  let asked = 0;
  const told: string[] = [];
  const { close } = watchPolled({
    what: "main of the repository",
    pauseMilliseconds: 1,
    async read() {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      if (answer === undefined) throw new Error("nobody answers");
      return answer;
    },
  }).start((why) => told.push(why));
  onTestFinished(close);
  await vi.waitFor(() => expect(asked).toBeGreaterThan(answers.length), { interval: 1 });
  expect(told).toEqual(["main of the repository moved"]);
});

it("tells nothing of what it has caught up with", async () => {
  let answer = "a";
  let asked = 0;
  const told: string[] = [];
  const { catchUp, close } = watchPolled({
    what: "a pointer",
    pauseMilliseconds: 1,
    async read() {
      asked += 1;
      return answer;
    },
  }).start((why) => told.push(why));
  onTestFinished(close);
  answer = "b";
  await catchUp();
  const before = asked;
  await vi.waitFor(() => expect(asked).toBeGreaterThan(before + 1), { interval: 1 });
  expect(told).toEqual([]);
});
