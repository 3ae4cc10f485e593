/** The counts of the status, in the order and words of the dashboard. */
export interface Count {
  name: string;
  value: number;
}

export interface NamedCount extends Count {
  label: string;
  href: string | null;
}

const KNOWN: readonly (readonly [name: string, label: string, href: string | null])[] = [
  ["requests", "Job requests", "/jobs"],
  ["results", "Results", "/kinds"],
  ["feedback", "Feedback", null],
  ["dvms", "DVMs", null],
  ["users", "Users", null],
  ["entities", "Keys", null],
  ["invoices", "Invoices", null],
  ["receipts", "Receipts", null],
  ["announcements", "Announcements", null],
  ["deletions", "Deletions", null],
  ["stubs", "Not seen yet", null],
  ["events", "All events", null],
];

/** Known counts first and in their order, the others after them under their own names. */
export function namedCounts(counts: readonly Count[]): NamedCount[] {
  const values = new Map(counts.map((count) => [normal(count.name), count]));
  const known = KNOWN.flatMap(([name, label, href]) => {
    const count = values.get(name);
    values.delete(name);
    return count === undefined ? [] : [{ ...count, label, href }];
  });
  const others = [...values.values()].map((count) => ({
    ...count,
    label: inWords(count.name),
    href: null,
  }));
  return [...known, ...others];
}

/** Whether nothing has arrived yet. */
export function isEmpty(counts: readonly Count[]): boolean {
  return counts.every((count) => count.value === 0);
}

function normal(name: string): string {
  return name.toLowerCase().replace(/^feedbacks$/u, "feedback");
}

function inWords(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/gu, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
