import { describe, expect, it } from "vitest";
import { codeBlock, escapeText, fitMarkdown, safeMarkdown, slackLink } from "../../src/sinks/slack-text.ts";

describe("untrusted text", () => {
  it.each([
    ["a & b <c>", "a &amp; b &lt;c&gt;"],
    ["<!channel>", "&lt;!channel&gt;"],
    ["&lt;", "&amp;lt;"],
    ["\u001b[31mred\u001b[0m\r\nnext\u0000", "red\nnext"],
  ])("%j is shown as it is", (text, expected) => {
    expect(escapeText(text)).toBe(expected);
  });
});

describe("an author's markdown", () => {
  it.each([
    ["*bold* _italic_ `code`", "*bold* _italic_ `code`"],
    ["<https://example.com/?a=1&b=2|a link>", "<https://example.com/?a=1&b=2|a link>"],
    ["<mailto:a@example.com>", "<mailto:a@example.com>"],
    ["<@U123> <#C123> <!subteam^S22H3Q3Q111>", "<@U123> <#C123> <!subteam^S22H3Q3Q111>"],
    ["<!subteam^S1> <!subteam^S22H3Q3Q111|all>", "&lt;!subteam^S1&gt; &lt;!subteam^S22H3Q3Q111|all&gt;"],
    ["<!date^1^{date}|then>", "<!date^1^{date}|then>"],
    [
      "<!channel> <!here|x> <!EVERYONE> <!subteam^here>",
      "&lt;!channel&gt; &lt;!here|x&gt; &lt;!EVERYONE&gt; &lt;!subteam^here&gt;",
    ],
    ["<none> and <https://x <b>", "&lt;none&gt; and &lt;https://x &lt;b&gt;"],
    ["a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"],
    ["&lt;kept&gt; &amp; &nbsp;", "&lt;kept&gt; &amp; &amp;nbsp;"],
    ["> quoted\n>> too\nnot > here", "> quoted\n>> too\nnot &gt; here"],
  ])("%j", (text, expected) => {
    expect(safeMarkdown(text)).toBe(expected);
  });
});

describe("cutting markdown", () => {
  it.each([
    ["what fits stays", "abc", 10, "abc"],
    ["a mark where it was cut", "abcdefghijklmnop", 15, "abcdefghij…"],
    ["not within a link", "abc <https://example.com|a link> def ghi", 30, "abc …"],
    ["not within an entity", "abcdefg&amp;hijklmnopq", 15, "abcdefg…"],
    ["not within a character", "abcdefghi\u{1F525}\u{1F525}\u{1F525}\u{1F525}", 15, "abcdefghi…"],
    ["a fence is closed", "```abcdefghijklmnopqrst```", 20, "```abcdefghijkl…\n```"],
    ["a fence is not broken", "abcdefgh```ijklmnop```", 15, "abcdefgh…"],
    ["an open fence is closed", "```abc", 20, "```abc\n```"],
  ])("%s", (_, text, length, expected) => {
    const cut = fitMarkdown(text, length);
    expect(cut).toBe(expected);
    expect(cut.length).toBeLessThanOrEqual(length);
  });
});

describe("links and code", () => {
  it.each([
    ["a|b", "https://x/?a=1&b=<|>", "<https://x/?a=1&amp;b=%3C%7C%3E|a¦b>"],
    ["", "https://x", "<https://x|https://x>"],
    ["name", "javascript:alert(1)", "name: javascript:alert(1)"],
  ])("a link %j to %j", (text, url, expected) => {
    expect(slackLink(text, url)).toBe(expected);
  });

  it("a fence within code does not end it", () => {
    expect(codeBlock(["a ``` b"], 100)?.split("```")).toHaveLength(3);
    expect(codeBlock(["too long"], 10)).toBeUndefined();
  });
});
