import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { backoff } from "../src/api/socket";
import { liveness } from "../src/live/badge";
import { coalesce } from "../src/live/coalesce";
import { eventRows, sortRows } from "../src/job/order";
import { isEmpty, namedCounts } from "../src/pages/counts";
import { freshIds, updateInPlace } from "../src/pages/newest";
import { eventNode } from "./sample";

describe("the badge", () => {
  const none = { lag: 0, lagSeconds: 0 };
  test.each([
    ["open", false, none, "live"],
    ["open", false, null, "live"],
    ["open", false, { lag: 5, lagSeconds: 60 }, "lagging"],
    ["open", false, { lag: 5, lagSeconds: 0.5 }, "live"],
    ["open", false, { lag: 5000, lagSeconds: null }, "lagging"],
    ["open", true, none, "paused"],
    ["connecting", false, none, "connecting"],
    ["closed", true, none, "offline"],
  ] as const)("%s, paused %s, %o is %s", (connection, paused, lag, word) => {
    expect(liveness(connection, paused, lag)).toBe(word);
  });
});

describe("coalescing", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test("the first signal calls at once, a burst after it once more", () => {
    const call = vi.fn();
    const { signal } = coalesce(call, 1000);
    for (let n = 0; n < 50; n += 1) signal();
    expect(call).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(5000);
    expect(call).toHaveBeenCalledTimes(2);
  });

  test("nothing is called after the stop", () => {
    const call = vi.fn();
    const { signal, stop } = coalesce(call, 1000);
    signal();
    signal();
    stop();
    vi.advanceTimersByTime(5000);
    expect(call).toHaveBeenCalledTimes(1);
  });
});

test("attempts to connect are spread and never further apart than half a minute", () => {
  expect(backoff(0, 0)).toBe(500);
  expect(backoff(0, 1)).toBe(1000);
  expect(backoff(50, 1)).toBe(30_000);
});

describe("newest rows", () => {
  const rows = (...ids: string[]) => ids.map((id) => ({ id }));

  test("none is new on the first showing", () => {
    expect(freshIds(null, rows("a"))).toEqual(new Set());
    expect(freshIds(rows("a"), rows("b", "a"))).toEqual(new Set(["b"]));
  });

  test("a reader's rows change where they are", () => {
    const shown = [
      { id: "a", n: 1 },
      { id: "b", n: 1 },
    ];
    const next = [
      { id: "c", n: 2 },
      { id: "b", n: 2 },
    ];
    expect(updateInPlace(shown, next)).toEqual([
      { id: "a", n: 1 },
      { id: "b", n: 2 },
    ]);
  });
});

describe("a job's events", () => {
  const graph = {
    truncated: false,
    edges: [],
    nodes: [
      eventNode("stub", 5050, "request"),
      eventNode("late", 6050, "result", { createdAtUnix: 30 }),
      eventNode("b", 7000, "feedback", { createdAtUnix: 10, amountMsat: "9000" }),
      eventNode("a", 7000, "feedback", { createdAtUnix: 10, amountMsat: "21000" }),
    ],
  };

  test("stand oldest first, equals by id, unseen ones last", () => {
    expect(eventRows(graph).map((row) => row.nodeId)).toEqual(["a", "b", "late", "stub"]);
  });

  test("put the request before an answer of the same second", () => {
    const nodes = [
      eventNode("a", 7000, "feedback", { createdAtUnix: 10 }),
      eventNode("z", 5050, "request", { createdAtUnix: 10 }),
    ];
    expect(eventRows({ ...graph, nodes }).map((row) => row.nodeId)).toEqual(["z", "a"]);
  });

  test("sort by any column, amounts as numbers", () => {
    const sorted = sortRows(eventRows(graph), { column: "amount", descending: true });
    expect(sorted.slice(0, 2).map((row) => row.nodeId)).toEqual(["a", "b"]);
  });
});

describe("counts", () => {
  test("stand in the dashboard's order, unknown ones after them", () => {
    const counts = [
      { name: "openOrders", value: 1 },
      { name: "RECEIPTS", value: 2 },
      { name: "requests", value: 3 },
    ];
    expect(namedCounts(counts).map((count) => count.label)).toEqual([
      "Job requests",
      "Receipts",
      "Open orders",
    ]);
  });

  test("are empty when all are nought", () => {
    expect(isEmpty([{ name: "requests", value: 0 }])).toBe(true);
    expect(isEmpty([{ name: "requests", value: 1 }])).toBe(false);
  });
});
