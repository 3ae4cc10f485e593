/** The events of a job in a reader's order. */
import type { EventRowFragment } from "../api/generated";
import type { JobGraph } from "../graph/model";
import { isRequestKind } from "../nostr/kinds";

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
    const time = compareTime(a, b);
    if (column === "time") return sign * time;
    return sign * compare(keyOf(a.event, column), keyOf(b.event, column)) || time;
  });
}

/** Clocks tell seconds: within one, what is asked stands before what answers it. */
function compareTime({ event: a }: EventRow, { event: b }: EventRow): number {
  const asked = (event: EventRowFragment) => (isRequestKind(event.kind ?? 0) ? 0 : 1);
  return compare(keyOf(a, "time"), keyOf(b, "time")) || asked(a) - asked(b) || compare(a.id, b.id);
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
