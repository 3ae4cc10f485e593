import { describe, expect, test } from "vitest";
import { CELL, flows, keepPlaces, layoutGraph, nearestTowards } from "../src/graph/layout";
import { countLooks, labelOf, lookOf, pageOf, withParts, withoutLooks } from "../src/graph/model";
import { relationWords } from "../src/graph/relations";
import { edge, eventNode, person, smallJob } from "./sample";

const xOf = (places: ReadonlyMap<string, { x: number }>, id: string) => places.get(id)?.x ?? NaN;

describe("layout", () => {
  test("hops go from left to right: customer, request, DVM, answers", () => {
    const { nodes, edges } = smallJob();
    const places = layoutGraph(nodes, edges);
    const order = ["customer", "request", "dvm", "result"].map((id) => xOf(places, id));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(new Set(order).size).toBe(4);
  });

  test("a job that builds on another stands after it", () => {
    const { nodes, edges } = smallJob();
    const more = [...nodes, eventNode("next", 5100, "request")];
    const places = layoutGraph(more, [...edges, edge("REFERENCES", "next", "request")]);
    expect(xOf(places, "next")).toBeGreaterThan(xOf(places, "request"));
  });

  test("payments close circles and push nobody around", () => {
    expect(
      flows(
        [],
        [edge("PAYMENT_TO", "receipt", "dvm"), edge("PAYMENT_FROM", "receipt", "customer")],
      ),
    ).toEqual([]);
  });

  test("one who answers his own request is not placed behind himself", () => {
    const nodes = [
      person("self", "provider"),
      eventNode("r", 5050, "request"),
      eventNode("x", 6050, "result"),
    ];
    const edges = [
      edge("MAKES_EVENT", "self", "r"),
      edge("MAKES_EVENT", "self", "x"),
      edge("RESULT_FOR", "x", "r"),
    ];
    expect(flows(nodes, edges)).not.toContainEqual(["r", "self"]);
  });

  test("edges to nodes that were not sent are left out", () => {
    expect(
      layoutGraph([eventNode("r", 5050, "request")], [edge("RESULT_FOR", "gone", "r")]).size,
    ).toBe(1);
  });
});

describe("live changes", () => {
  test("nodes that stand keep their place, new ones find a free one", () => {
    const { nodes, edges } = smallJob();
    const before = new Map(
      [...layoutGraph(nodes, edges)].map(([id, { x, y }]) => [id, { x: x + 300, y: y - 70 }]),
    );
    const grown = [...nodes, eventNode("late", 7000, "feedback")];
    const after = keepPlaces(before, grown, [
      ...edges,
      edge("FEEDBACK_FOR", "late", "request"),
      edge("MAKES_EVENT", "dvm", "late"),
    ]);
    for (const [id, place] of before) expect(after.get(id)).toEqual(place);
    const late = after.get("late") ?? { x: NaN, y: NaN };
    expect(late.x).toBeGreaterThan(xOf(after, "request"));
    for (const [id, place] of before) {
      const apart =
        Math.abs(place.x - late.x) >= CELL.width || Math.abs(place.y - late.y) >= CELL.height;
      expect(apart, id).toBe(true);
    }
  });

  test("a first graph is simply laid out", () => {
    const { nodes, edges } = smallJob();
    expect(keepPlaces(new Map(), nodes, edges)).toEqual(layoutGraph(nodes, edges));
  });
});

test("arrow keys find the nearest node that way, or none", () => {
  const places = new Map([
    ["a", { x: 0, y: 0 }],
    ["b", { x: 100, y: 10 }],
    ["c", { x: 300, y: 0 }],
    ["d", { x: 0, y: 80 }],
  ]);
  expect(nearestTowards(places, "a", { x: 1, y: 0 })).toBe("b");
  expect(nearestTowards(places, "a", { x: 0, y: 1 })).toBe("d");
  expect(nearestTowards(places, "a", { x: -1, y: 0 })).toBeNull();
});

describe("nodes", () => {
  test("look as what they are", () => {
    const looks = smallJob().nodes.map(lookOf);
    expect(looks).toEqual(["person", "request", "provider", "feedback", "result"]);
    expect(lookOf(eventNode("z", 9735, "zap_receipt"))).toBe("other");
    expect(lookOf(eventNode("z", 9734, "zap_request"))).toBe("other");
    expect(lookOf({ ...person("i", ""), type: "INVOICE", entity: null })).toBe("invoice");
  });

  test("are labelled in one clean line", () => {
    const [customer, , , feedback] = smallJob().nodes;
    expect(customer && labelOf(customer)).toBe("alice");
    expect(feedback && labelOf(feedback)).toBe("processing");
    expect(labelOf(person("x", "customer", "\u202Eevil\n<b>"))).toBe("evil <b>");
    expect(labelOf({ ...eventNode("s", 5050, "request"), stub: true })).toBe(
      "Kind 5050 (not seen)",
    );
  });

  test("open the page of what they stand for", () => {
    const [customer, request, , , result] = smallJob().nodes.map(pageOf);
    expect([customer, request, result]).toEqual([
      "/entity/customer",
      "/job/request",
      "/event/result",
    ]);
  });

  test("can be left out by their look, with their edges", () => {
    const graph = withoutLooks(smallJob(), new Set(["feedback"]));
    expect(graph.nodes.map((node) => node.id)).not.toContain("feedback");
    expect(graph.edges.map((link) => link.source)).not.toContain("feedback");
    expect(countLooks(graph.nodes).get("feedback")).toBeUndefined();
  });
});

test("relationships are told from both sides, unknown ones spelled out", () => {
  expect(relationWords("RESULT_FOR")).toBe("result for");
  expect(relationWords("RESULT_FOR", true)).toBe("has result");
  expect(relationWords("SOME_NEW_ONE")).toBe("some new one");
  expect(relationWords("constructor")).toBe("constructor");
});

describe("parts in a job", () => {
  test("a DVM that only asks is the customer here, and events get their author's name", () => {
    const graph = smallJob();
    const [customer] = graph.nodes;
    if (customer?.entity) customer.entity.isDvm = true;
    if (customer) customer.role = "dvm";
    const request = graph.nodes.find((node) => node.id === "request");
    if (request?.event) request.event.pubkey = "customer";
    const { nodes } = withParts(graph);
    expect(nodes.map(lookOf).slice(0, 3)).toEqual(["person", "request", "provider"]);
    expect(nodes.find((node) => node.id === "request")?.event?.author?.name).toBe("alice");
  });

  test("whoever answers is a provider, also when he asks too", () => {
    const graph = smallJob();
    const asking = { ...graph, edges: [...graph.edges, edge("MAKES_EVENT", "dvm", "request")] };
    expect(withParts(asking).nodes.map(lookOf)[2]).toBe("provider");
  });
});
