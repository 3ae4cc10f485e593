/** The events of a job in a reader's order. */
import type { EventRowFragment } from "../api/generated";
import type { JobGraph } from "../graph/model";

export interface EventRow {
  nodeId: string;
  event: EventRowFragment;
}

export type Column = "time" | "kind" | "author" | "status" | "amount";

export interface Sorting {
  column: Column;
  descending: boolean;
}

/** Every event of the graph, oldest first; what has not been seen comes last. */
export function eventRows(graph: JobGraph): EventRow[] {
  const rows = graph.nodes.flatMap((node) =>
    node.event ? [{ nodeId: node.id, event: node.event }] : [],
  );
  return sortRows(rows, { column: "time", descending: false });
}

/** Sorted copies; equal rows stand oldest first, then by id, so that the order never wavers. */
export function sortRows(rows: readonly EventRow[], { column, descending }: Sorting): EventRow[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    return sign * compare(keyOf(a.event, column), keyOf(b.event, column)) || compareTime(a, b);
  });
}

function compareTime(a: EventRow, b: EventRow): number {
  return compare(keyOf(a.event, "time"), keyOf(b.event, "time")) || compare(a.event.id, b.event.id);
}

function keyOf(event: EventRowFragment, column: Column): number | string {
  if (column === "time") return event.createdAtUnix ?? Infinity;
  if (column === "kind") return event.kind ?? Infinity;
  if (column === "author") return (event.author?.name ?? event.pubkey ?? "").toLowerCase();
  if (column === "status") return event.status ?? "";
  return Number(event.amountMsat ?? -1);
}

function compare(a: number | string, b: number | string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
