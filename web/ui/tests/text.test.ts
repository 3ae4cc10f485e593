import { describe, expect, test } from "vitest";
import { cleanLine, cleanText, prettyJson, shortHex } from "../src/nostr/text";

describe("text from Nostr", () => {
  test("loses what reorders or hides it", () => {
    expect(cleanText("a\u202Eb\u2066c\u2069\u200B\u200D\uFEFF\u00ADd\u0000\u0007\u{E0041}")).toBe(
      "abcd",
    );
  });

  test("keeps lines, tabs, markup as text, and other scripts", () => {
    const text = "<b>one</b>\n\ttwo שלום مرحبا 日本 👍🏽";
    expect(cleanText(text)).toBe(text);
  });

  test("is mended where a surrogate stands alone", () => {
    expect(cleanText("a\ud800b")).toBe("a\ufffdb");
  });

  test("keeps at most three marks on a letter", () => {
    expect(cleanText(`Z${"\u0301".repeat(50)}!`)).toBe(`Z${"\u0301".repeat(3)}!`);
  });

  test("is cut at its limit and says so", () => {
    expect(cleanText("x".repeat(30), 10)).toBe(`${"x".repeat(10)}…`);
    expect(cleanText(`${"x".repeat(9)}👍👍`, 10)).toBe(`${"x".repeat(9)}…`);
    expect(cleanText("short", 10)).toBe("short");
  });

  test("becomes one line for names and cells", () => {
    expect(cleanLine("  a\n\n b\tc ")).toBe("a b c");
    expect(cleanLine("W".repeat(100_000), 40)).toBe(`${"W".repeat(40)}…`);
  });

  test("cut lines never split a character", () => {
    expect(cleanLine("👍".repeat(20), 5)).toBe(`${"👍".repeat(5)}…`);
  });
});

describe("raw events", () => {
  test("are indented", () => {
    expect(prettyJson('{"kind":1}')).toBe('{\n  "kind": 1\n}');
  });

  test("show invisible characters as escapes instead of losing them", () => {
    expect(prettyJson('{"content":"a\u202Eb"}')).toContain("a\\u202eb");
  });

  test("are shown as they are when they are no JSON", () => {
    expect(prettyJson("{oops")).toBe("{oops");
  });
});

test("long hex is shortened in the middle, short hex is not", () => {
  expect(shortHex("0123456789abcdef".repeat(4))).toBe("01234567…cdef");
  expect(shortHex("abcd")).toBe("abcd");
});
