/** What a job's graph is made of, as the page speaks of it. */
import type { JobGraphFieldsFragment } from "../api/generated";
import { sats } from "../nostr/amount";
import { cleanLine } from "../nostr/text";

export type JobGraph = JobGraphFieldsFragment;
export type GraphNode = JobGraph["nodes"][number];
export type GraphEdge = JobGraph["edges"][number];

export type Look =
  "person" | "provider" | "request" | "feedback" | "result" | "other" | "invoice" | "receipt";

/** The looks in the order of the legend, with their names. */
export const LOOKS: readonly (readonly [look: Look, one: string, many: string])[] = [
  ["person", "customer", "customers"],
  ["provider", "DVM", "DVMs"],
  ["request", "request", "requests"],
  ["feedback", "feedback", "feedback"],
  ["result", "result", "results"],
  ["invoice", "invoice", "invoices"],
  ["receipt", "receipt", "receipts"],
  ["other", "other event", "other events"],
];

/** How a node looks; from its type, its role and, for events, its kind. */
export function lookOf(node: GraphNode): Look {
  const role = node.role.toLowerCase();
  if (node.type === "INVOICE") return "invoice";
  if (node.type === "RECEIPT") return "receipt";
  if (node.type === "ENTITY") return isProvider(role, node) ? "provider" : "person";
  return eventLook(role, node.event?.kind ?? null);
}

function isProvider(role: string, node: GraphNode): boolean {
  if (role === CUSTOMER) return false;
  return role === PROVIDER || role === "dvm" || node.entity?.isDvm === true;
}

const CUSTOMER = "customer";
const PROVIDER = "provider";

/** The graph with people in the part they play in this job, and events with the names of their authors. */
export function withParts(graph: JobGraph): JobGraph {
  const parts = partsOf(graph);
  const people = new Map(
    graph.nodes.flatMap((node) => (node.entity ? [[node.id, node.entity] as const] : [])),
  );
  const nodes = graph.nodes.map((node) => {
    const { event } = node;
    if (event === null) return { ...node, role: parts.get(node.id) ?? node.role };
    return {
      ...node,
      event: { ...event, author: event.author ?? people.get(event.pubkey ?? "") ?? null },
    };
  });
  return { ...graph, nodes };
}

/** Whoever answers in a job is a provider there, else whoever asks a customer, whatever they are elsewhere. */
function partsOf(graph: JobGraph): Map<string, string> {
  const looks = new Map(graph.nodes.map((node) => [node.id, lookOf(node)]));
  const parts = new Map<string, string>();
  for (const { source, target } of graph.edges.filter((edge) => edge.type === "MAKES_EVENT")) {
    const look = looks.get(target);
    if (look === "result" || look === "feedback") parts.set(source, PROVIDER);
    else if (look === "request" && !parts.has(source)) parts.set(source, CUSTOMER);
  }
  return parts;
}

function eventLook(role: string, kind: number | null): Look {
  if (/request/u.test(role) && !/zap/u.test(role)) return "request";
  if (/feedback/u.test(role) || kind === 7000) return "feedback";
  if (/result/u.test(role)) return "result";
  if (kind !== null && kind >= 5000 && kind <= 5999) return "request";
  return kind !== null && kind >= 6000 && kind <= 6999 ? "result" : "other";
}

/** A node's label in one short line. */
export function labelOf(node: GraphNode): string {
  const look = lookOf(node);
  const amount = sats(node.invoice?.amountMsat ?? node.receipt?.amountMsat);
  if (look === "invoice" || look === "receipt") return amount ?? look;
  if (look === "feedback") return cleanLine(node.event?.status ?? "", 24) || "feedback";
  if (node.entity)
    return cleanLine(node.entity.name ?? "", 24) || `${node.entity.npub.slice(0, 10)}…`;
  const kind = cleanLine(node.event?.kindName ?? node.label, 28);
  return node.stub ? `${kind} (not seen)` : kind || look;
}

/** The page a node opens. */
export function pageOf(node: GraphNode): string | null {
  if (node.entity) return `/entity/${node.entity.pubkey}`;
  if (node.event) return `/${lookOf(node) === "request" ? "job" : "event"}/${node.event.id}`;
  return null;
}

/** How many nodes have each look. */
export function countLooks(nodes: readonly GraphNode[]): Map<Look, number> {
  const counts = new Map<Look, number>();
  for (const node of nodes) counts.set(lookOf(node), (counts.get(lookOf(node)) ?? 0) + 1);
  return counts;
}

/** The graph without the looks that are switched off, and without people nothing is left of. */
export function withoutLooks(graph: JobGraph, hidden: ReadonlySet<Look>): JobGraph {
  if (hidden.size === 0) return graph;
  const nodes = graph.nodes.filter((node) => !hidden.has(lookOf(node)));
  const kept = new Set(nodes.map((node) => node.id));
  const edges = graph.edges.filter((edge) => kept.has(edge.source) && kept.has(edge.target));
  return { ...graph, nodes, edges };
}
