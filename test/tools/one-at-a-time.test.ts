import { expect, it } from "vitest";
import { oneAtATime } from "../../src/tools/one-at-a-time.ts";

it("does once, afterwards, what is asked for while it runs, with every reason", async () => {
  const begun: (readonly string[])[] = [];
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const task = oneAtATime(async (reasons) => {
    begun.push(reasons);
    const number = begun.length;
    await gates[number - 1]?.promise;
    return number;
  });
  const first = task("a");
  await Promise.resolve();
  const later = [task("b"), task("c")];
  expect(begun).toEqual([["a"]]);
  gates[0]?.resolve();
  expect(await first).toBe(1);
  gates[1]?.resolve();
  expect(await Promise.all(later)).toEqual([2, 2]);
  expect(begun).toEqual([["a"], ["b", "c"]]);
});

it("goes on after a failure", async () => {
  let times = 0;
  const task = oneAtATime(async () => {
    times += 1;
    if (times === 1) throw new Error("the first fails");
    return times;
  });
  const [failed, next] = await Promise.allSettled([task("a"), Promise.resolve().then(() => task("b"))]);
  expect(failed).toMatchObject({ status: "rejected", reason: { message: "the first fails" } });
  expect(next).toMatchObject({ status: "fulfilled", value: 2 });
});
