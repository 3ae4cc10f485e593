/** Why a question to the API has no answer, in words that say what to do. */
export type Trouble = "network" | "refused" | "server" | "query";

const ADVICE: Record<Trouble, string> = {
  network:
    "The server does not answer. Check that dvmdash is running and that you are online; this page tries again by itself.",
  refused: "The server limits how much one visitor may ask. Wait a moment, then try again.",
  server:
    "The server could not answer. Its log says why; `dvmdash doctor` checks the databases behind it.",
  query:
    "This page asked for something the server does not know. Reload it: the two may be of different versions.",
};

export class ApiError extends Error {
  readonly advice: string;

  constructor(
    readonly trouble: Trouble,
    message: string,
  ) {
    super(message);
    this.advice = ADVICE[trouble];
  }
}

/** Any thrown value as an ApiError. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError("network", thrown instanceof Error ? thrown.message : String(thrown));
}

/** Whether a request ended because its page was left. */
export function isAbort(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === "AbortError";
}
