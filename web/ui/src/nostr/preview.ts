/** An event in one line, for tables. */
import { cleanLine } from "./text";

export interface Previewed {
  encrypted: boolean;
  stub: boolean;
  content: string | null;
  input: string | null;
  statusInfo?: string | null;
}

/** Its content, else its first input, else what stands beside its status. */
export function previewOf(event: Previewed): string {
  if (event.stub) return "not seen yet";
  if (event.encrypted) return "encrypted";
  const said = [event.content, event.input, event.statusInfo].find((text) => text?.trim());
  return cleanLine(said ?? "", 200);
}

/** The API sends content up to this many characters; a text that long has probably been cut. */
export const PREVIEW_LENGTH = 280;

/** Whether the raw event may hold more than what is shown. */
export function isCut(content: string | null): boolean {
  return (content?.length ?? 0) >= PREVIEW_LENGTH;
}
