/** The graph's relationship types in words, from the source's side and from the target's. */
const WORDS: Record<string, readonly [outgoing: string, incoming: string]> = {
  MAKES_EVENT: ["signed", "signed by"],
  RESULT_FOR: ["result for", "has result"],
  FEEDBACK_FOR: ["feedback for", "has feedback"],
  HAS_INVOICE: ["asks for", "asked by"],
  HAS_RECEIPT: ["paid, says", "receipt for"],
  PAYMENT_FROM: ["payment from", "made payment"],
  PAYMENT_TO: ["payment to", "got payment"],
  PAYMENT_FOR: ["payment for", "has payment"],
  REFERENCES: ["refers to", "referred to by"],
  DELETES: ["deletes", "deleted by"],
};

/** A relationship type in words; an unknown one is spelled out. */
export function relationWords(type: string, incoming = false): string {
  const words = Object.hasOwn(WORDS, type) ? WORDS[type] : undefined;
  if (words !== undefined) return words[incoming ? 1 : 0];
  return `${type.toLowerCase().replaceAll("_", " ")}${incoming ? " (incoming)" : ""}`;
}
