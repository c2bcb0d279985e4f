import { describe, expect, it } from "vitest";
import { fillPlaces, fillQuery } from "../../src/actions/shared/promql.ts";

const values = { pod: "web-0", ip: "10.0.0.1", odd: `a"b\\c'd`, regex: "a.*|b", n: "5m", lines: "a\nb", tick: "a`b" };

describe("fillQuery", () => {
  it.each([
    [`up{pod="$pod"}`, `up{pod="web-0"}`],
    [`up{pod="\${pod}-x"}`, `up{pod="web-0-x"}`],
    [`up{pod=~"$regex"}`, `up{pod=~"a\\\\.\\\\*\\\\|b"}`],
    [`up{pod!~ "$regex"}`, `up{pod!~ "a\\\\.\\\\*\\\\|b"}`],
    [`up{instance=~"$ip:[0-9]+"}`, `up{instance=~"10\\\\.0\\\\.0\\\\.1:[0-9]+"}`],
    [`up{pod="$regex"}`, `up{pod="a.*|b"}`],
    [`up{pod="$odd"}`, `up{pod="a\\"b\\\\c'd"}`],
    [`up{pod='$odd'}`, `up{pod='a"b\\\\c\\'d'}`],
    ["up{pod=`$odd`}", "up{pod=`a\"b\\c'd`}"],
    ["up{pod=~`$ip`}", "up{pod=~`10\\.0\\.0\\.1`}"],
    [`up{pod="$lines"}`, `up{pod="a\\nb"}`],
    [`up{pod="$none"}`, `up{pod="<missing>"}`],
    [`up{pod="$constructor"}`, `up{pod="<missing>"}`],
    [`label_replace(up, "a", "$1", "b", "(.*)")`, `label_replace(up, "a", "$1", "b", "(.*)")`],
    [`up{pod=~"web$"}`, `up{pod=~"web$"}`],
    [`up{price="$$pod"}`, `up{price="$pod"}`],
    [`up{a="\\"$pod"}`, `up{a="\\"web-0"}`],
    [`rate(up[$n])`, `rate(up[5m])`],
    [`up # it's $pod's "$odd\nand up{pod="$odd"}`, `up # it's $pod's "$odd\nand up{pod="a\\"b\\\\c'd"}`],
  ])("%s becomes %s", (query, filled) => {
    expect(fillQuery(query, values)).toBe(filled);
  });

  it.each([
    ["rate(up[$odd])", /the value of \$odd is no plain word/],
    ["up{a=`$tick`}", /backtick/],
    ["up{$none}", /the value of \$none/],
  ])("%s is refused, for the value could change what is asked", (query, why) => {
    expect(() => fillQuery(query, values)).toThrow(why);
  });
});

describe("fillPlaces", () => {
  it("writes values as they are", () => {
    expect(fillPlaces(`$pod \${odd}: $none, $$5`, values)).toBe(`web-0 a"b\\c'd: <missing>, $5`);
  });
});
