import { describe, expect, test } from "vitest";
import { bytes, sats } from "../src/nostr/amount";
import { absoluteTime, duration, offsetFrom, relativeTime, zoneName } from "../src/time/format";

const NOW = Date.parse("2025-03-01T12:00:00Z");

describe("times", () => {
  test.each([
    ["2025-03-01T12:00:00Z", "just now"],
    ["2025-03-01T11:59:48Z", "12 s ago"],
    ["2025-03-01T11:00:01Z", "59 min ago"],
    ["2025-02-27T12:00:00Z", "2 d ago"],
    ["2022-03-01T12:00:00Z", "3 y ago"],
    ["2025-03-01T12:05:00Z", "in 5 min"],
    ["nonsense", "at an unknown time"],
  ])("%s is %s", (time, words) => {
    expect(relativeTime(time, NOW)).toBe(words);
  });

  test("are written in the chosen zone", () => {
    expect(absoluteTime("2025-03-01T12:00:09Z", "UTC")).toBe("2025-03-01 12:00:09");
    expect(absoluteTime("2025-03-01T23:30:00Z", "Europe/Berlin")).toBe("2025-03-02 00:30:00");
    expect(absoluteTime("nonsense", "UTC")).toBe("unknown");
  });

  test("name their zone with its distance from UTC at that moment", () => {
    expect(zoneName("Europe/Berlin", NOW)).toBe("Europe/Berlin (GMT+1)");
    expect(zoneName("Europe/Berlin", Date.parse("2025-07-01T00:00:00Z"))).toBe(
      "Europe/Berlin (GMT+2)",
    );
    expect(zoneName("UTC", NOW)).toBe("UTC");
  });

  test("durations use their largest unit", () => {
    expect([850, 1000, 61_000, 3_600_000].map(duration)).toEqual(["850 ms", "1 s", "1 min", "1 h"]);
  });

  test("offsets show answers dated before their request", () => {
    expect(offsetFrom(100, 100)).toBe("+0 s");
    expect(offsetFrom(100, 112)).toBe("+12 s");
    expect(offsetFrom(100, 97)).toBe("−3 s");
  });
});

describe("amounts", () => {
  test.each([
    ["1000", "1 sat"],
    ["21000", "21 sats"],
    ["500", "0.5 sats"],
    ["1234567890", "1,234,567.89 sats"],
    ["9007199254740993000", "9,007,199,254,740,993 sats"],
    ["0", "0 sats"],
  ])("%s msat are %s", (msat, words) => {
    expect(sats(msat)).toBe(words);
  });

  test("what is no number has no amount", () => {
    expect([sats(null), sats(undefined), sats("1e3"), sats("")]).toEqual([null, null, null, null]);
  });

  test("bytes use binary units", () => {
    expect([bytes("0"), bytes("1023"), bytes("1536"), bytes("5368709120")]).toEqual([
      "0 B",
      "1023 B",
      "1.5 KiB",
      "5.0 GiB",
    ]);
  });
});
