/** Where a kind leads: request kinds and the results that answer them have a list of jobs. */
export function kindPath(kind: number): string {
  if (kind >= 5000 && kind <= 5999) return `/jobs?kind=${kind}`;
  if (kind >= 6000 && kind <= 6999) return `/jobs?kind=${kind - 1000}`;
  return "/kinds";
}

/** Whether a kind asks for a job (NIP-90). */
export function isRequestKind(kind: number): boolean {
  return kind >= 5000 && kind <= 5999;
}
