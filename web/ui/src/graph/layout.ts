/** Where a job's nodes stand: hops from left to right, as time and money flow. */
import { Graph, layout } from "@dagrejs/dagre";
import { lookOf, type GraphEdge, type GraphNode } from "./model";

export interface Point {
  x: number;
  y: number;
}
export type Positions = ReadonlyMap<string, Point>;

/** Room for a node with its label, in pixels. */
export const CELL = { width: 116, height: 52 };
const GAP = { rank: 44, node: 8 };

// An answer points at what it answers; in the picture it comes after it.
const AGAINST_THE_FLOW = new Set([
  "RESULT_FOR",
  "FEEDBACK_FOR",
  "REFERENCES",
  "PAYMENT_FOR",
  "DELETES",
]);
// These close circles: drawn, but no reason to stand anywhere.
const NO_RANK = new Set(["PAYMENT_FROM", "PAYMENT_TO"]);

export type Flow = readonly [from: string, to: string];

/** The order constraints of a graph: along each edge's flow, and from a request to those who answer it. */
export function flows(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Flow[] {
  const ranked = edges.filter((edge) => !NO_RANK.has(edge.type));
  const along = ranked.map((edge): Flow => {
    return AGAINST_THE_FLOW.has(edge.type)
      ? [edge.target, edge.source]
      : [edge.source, edge.target];
  });
  return [...along, ...hires(nodes, edges)];
}

/** Providers stand between the request and their answers to it. */
function hires(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Flow[] {
  const providers = new Set(
    nodes.filter((node) => lookOf(node) === "provider").map((node) => node.id),
  );
  const makers = new Map(
    edges.filter((edge) => edge.type === "MAKES_EVENT").map((edge) => [edge.target, edge.source]),
  );
  const answers = edges.filter(
    (edge) => edge.type === "RESULT_FOR" || edge.type === "FEEDBACK_FOR",
  );
  return answers.flatMap((edge): Flow[] => {
    const maker = makers.get(edge.source);
    const hired = maker !== undefined && providers.has(maker) && makers.get(edge.target) !== maker;
    return hired ? [[edge.target, maker]] : [];
  });
}

/** Lay the whole graph out anew; node centres in pixels. */
export function layoutGraph(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
): Map<string, Point> {
  const graph = new Graph();
  graph.setGraph({
    rankdir: "LR",
    ranksep: GAP.rank,
    nodesep: GAP.node,
    ranker: "network-simplex",
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) graph.setNode(node.id, { ...CELL });
  for (const [from, to] of flows(nodes, edges)) {
    if (from !== to && graph.hasNode(from) && graph.hasNode(to)) graph.setEdge(from, to);
  }
  layout(graph);
  return new Map(nodes.map((node) => [node.id, pointOf(graph.node(node.id))]));
}

/**
 * Positions after a change: nodes that stand keep their place, and each new one goes where a fresh layout
 * has it relative to its neighbours, moved down until nothing is under it.
 */
export function keepPlaces(
  old: Positions,
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
): Map<string, Point> {
  const ideal = layoutGraph(nodes, edges);
  const staying = nodes.filter((node) => old.has(node.id)).map((node) => node.id);
  if (staying.length === 0) return ideal;
  const places = new Map(staying.map((id) => [id, old.get(id) as Point]));
  const neighbours = neighbourhood(edges);
  const arriving = nodes.filter((node) => !old.has(node.id)).map((node) => node.id);
  for (const id of arriving.sort(
    (a, b) => at(ideal, a).x - at(ideal, b).x || at(ideal, a).y - at(ideal, b).y,
  )) {
    const placed = (neighbours.get(id) ?? []).filter((other) => places.has(other));
    const shift = meanShift(ideal, places, placed.length > 0 ? placed : staying);
    const wish = { x: at(ideal, id).x + shift.x, y: at(ideal, id).y + shift.y };
    places.set(id, firstFree(wish, [...places.values()]));
  }
  return places;
}

function meanShift(ideal: Positions, places: Positions, ids: readonly string[]): Point {
  const shifts = ids.map((id) => ({
    x: at(places, id).x - at(ideal, id).x,
    y: at(places, id).y - at(ideal, id).y,
  }));
  const sum = shifts.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }), { x: 0, y: 0 });
  return { x: sum.x / ids.length, y: sum.y / ids.length };
}

function firstFree(wish: Point, taken: readonly Point[]): Point {
  let y = wish.y;
  const near = taken.filter((point) => Math.abs(point.x - wish.x) < CELL.width);
  while (near.some((point) => Math.abs(point.y - y) < CELL.height)) y += CELL.height + GAP.node;
  return { x: wish.x, y };
}

function neighbourhood(edges: readonly GraphEdge[]): Map<string, string[]> {
  const map = new Map<string, string[]>();
  const add = (from: string, to: string) => map.set(from, [...(map.get(from) ?? []), to]);
  for (const edge of edges) {
    add(edge.source, edge.target);
    add(edge.target, edge.source);
  }
  return map;
}

/** The nearest node in a direction, for the arrow keys; null when there is none that way. */
export function nearestTowards(
  positions: Positions,
  from: string,
  direction: Point,
): string | null {
  const origin = at(positions, from);
  let best: { id: string; cost: number } | null = null;
  for (const [id, point] of positions) {
    const [dx, dy] = [point.x - origin.x, point.y - origin.y];
    const ahead = dx * direction.x + dy * direction.y;
    const aside = Math.abs(dx * direction.y) + Math.abs(dy * direction.x);
    const cost = ahead + 2 * aside;
    if (id !== from && ahead > 1 && aside <= 3 * ahead && (best === null || cost < best.cost))
      best = { id, cost };
  }
  return best?.id ?? null;
}

function at(points: Positions, id: string): Point {
  return points.get(id) ?? { x: 0, y: 0 };
}

function pointOf(label: { x?: number; y?: number } | undefined): Point {
  return { x: label?.x ?? 0, y: label?.y ?? 0 };
}
