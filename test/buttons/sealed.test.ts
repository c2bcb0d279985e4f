import { describe, expect, it } from "vitest";
import { type Offer, openOffer, sealOffer } from "../../src/buttons/sealed.ts";

const offer: Offer = {
  action: "scale_hpa_callback",
  params: { max_replicas: 15, note: "ä \u{1F525}", nothing: null },
  target: { kind: "HorizontalPodAutoscaler", name: "web", namespace: "shop" },
  message: { cluster: "prod", key: "alert#0123456789abcdef", episode: "01A", sink: "slack", part: "default" },
  button: "cortado-1",
  expires: 1_785_580_867_000,
};
const secret = "8f742231b10e8888abcd99yyyzzz85a5";

function sealed(changes: Partial<Offer> = {}, by = secret): string {
  return sealOffer(by, { ...offer, ...changes }) ?? expect.fail("it was not sealed");
}

describe("what a button carries", () => {
  it("is opened with the secret that it was sealed with, and is as it was", () => {
    expect(openOffer(secret, sealed())).toEqual(offer);
    const { target: _, ...without } = offer;
    expect(openOffer(secret, sealOffer(secret, without) ?? "")).toEqual(without);
  });

  it("tells nobody what it is, nor that two are the same", () => {
    const [one, two] = [sealed(), sealed()];
    expect(one).not.toBe(two);
    for (const value of [one, Buffer.from(one.slice(3), "base64url").toString("latin1")]) {
      for (const word of ["scale", "web", "prod", "replicas"]) expect(value).not.toContain(word);
    }
  });

  it("is not opened with another secret", () => {
    expect(openOffer("another", sealed())).toBeUndefined();
  });

  it("is not opened with any of its characters changed", () => {
    const value = sealed();
    for (let at = 0; at < value.length; at += 1) {
      const other = value[at] === "A" ? "B" : "A";
      const changed = value.slice(0, at) + other + value.slice(at + 1);
      // The last character holds bits that stand for nothing.
      if (Buffer.from(changed, "base64url").equals(Buffer.from(value, "base64url"))) continue;
      const opened = openOffer(secret, changed);
      if (at < value.length - 1) expect(opened).toBeUndefined();
    }
  });

  it.each([
    "",
    "c1.",
    "c1.AAAA",
    "c1.????",
    "c2.AAAA",
    `c1.${"A".repeat(2_000)}`,
    sealed().slice(0, -10),
    `${sealed()}AAAA`,
  ])("is not %s", (value) => {
    expect(openOffer(secret, value)).toBeUndefined();
  });

  it("is at most as long as Slack takes it; what is longer is no button", () => {
    const long = (length: number) => sealOffer(secret, { ...offer, params: { text: "x".repeat(length) } });
    expect(long(1_000)?.length).toBeLessThanOrEqual(2_000);
    expect(long(1_400)).toBeUndefined();
  });
});
