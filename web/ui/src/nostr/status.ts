/** The tone in which a feedback status (NIP-90) is shown. */
export type Tone = "good" | "busy" | "warn" | "bad" | "plain";

const TONES: Record<string, Tone> = {
  success: "good",
  delivered: "good",
  result: "good",
  connected: "good",
  partial: "busy",
  processing: "busy",
  connecting: "busy",
  "payment-required": "warn",
  payment_required: "warn",
  error: "bad",
  refused: "bad",
  disconnected: "bad",
};

/** The tone of a status word; words nobody agreed on are plain. */
export function toneOf(status: string | null | undefined): Tone {
  const word = status?.trim().toLowerCase() ?? "";
  return Object.hasOwn(TONES, word) ? (TONES[word] ?? "plain") : "plain";
}
