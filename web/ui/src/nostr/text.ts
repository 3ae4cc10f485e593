/**
 * Text from Nostr made fit to show: what would reorder, hide or break out of a line is taken away.
 * The result is still only ever put into text nodes.
 */

// Controls (but tab and newline), zero-width characters, bidirectional marks and overrides, tags, fillers.
const INVISIBLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff0-\ufffb\u{e0000}-\u{e0fff}]|\u034f|\u17b4|\u17b5/gu;
// More than a few combining marks on one letter only serve to paint over the neighbouring lines.
const STACKED_MARKS = /(\p{M}{3})\p{M}+/gu;

/** Several lines of text, as shown in a content box; at most `limit` characters, then an ellipsis. */
export function cleanText(text: string, limit = 20_000): string {
  const head = text
    .slice(0, limit * 2)
    .toWellFormed()
    .replace(INVISIBLE, "")
    .replace(STACKED_MARKS, "$1");
  return head.length > limit ? `${cut(head, limit)}…` : head;
}

/** One line of text, as shown in a name, a cell or a label; at most `limit` characters. */
export function cleanLine(text: string, limit = 120): string {
  return cleanText(text.slice(0, limit * 8), limit * 4)
    .replace(/\s+/gu, " ")
    .trim()
    .replace(new RegExp(`^(.{${limit}}).+$`, "su"), "$1…");
}

function cut(text: string, limit: number): string {
  const end = text.codePointAt(limit - 1) ?? 0;
  return text.slice(0, end > 0xffff ? limit - 1 : limit);
}

/** A hex id or key shortened for reading: `1234abcd…9876`. */
export function shortHex(hex: string): string {
  return hex.length > 16 ? `${hex.slice(0, 8)}…${hex.slice(-4)}` : hex;
}

/** JSON with indentation where it parses, else the text as it is; invisible characters are escaped, not lost. */
export function prettyJson(raw: string): string {
  let text = raw;
  try {
    text = JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    // Not JSON: show what there is.
  }
  return text.toWellFormed().replace(INVISIBLE, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
  }).join("");
}
