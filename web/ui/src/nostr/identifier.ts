/** What a person may paste: hex ids and keys, and NIP-19's note, nevent, npub and nprofile. */
import { bech32 } from "@scure/base";

export type Identifier =
  | { type: "hex"; hex: string }
  | { type: "event"; hex: string }
  | { type: "entity"; hex: string }
  | { type: "secret" }
  | { type: "empty" }
  | { type: "unknown"; reason: string };

const HEX = /^[0-9a-f]{64}$/u;
const SECRET = /nsec1|ncryptsec1/iu;
const ACCEPTED = "Paste a 64-digit hex id or key, or a note1, nevent1, npub1 or nprofile1 address.";
/** NIP-19 strings carry relays too, but never more than 5000 characters. */
const LIMIT = 5000;

/** Read what was pasted. A secret key is recognised anywhere in the text, so that it goes nowhere. */
export function parseIdentifier(text: string): Identifier {
  if (SECRET.test(text)) return { type: "secret" };
  const word = text.trim().replace(/^(web\+)?nostr:(\/\/)?/iu, "");
  if (word === "") return { type: "empty" };
  if (HEX.test(word.toLowerCase())) return { type: "hex", hex: word.toLowerCase() };
  if (/^[0-9a-f]+$/iu.test(word)) {
    return unknown(`A hex id has 64 digits; this has ${word.length}.`);
  }
  return parseBech32(word);
}

function parseBech32(word: string): Identifier {
  const prefix = /^(note|nevent|npub|nprofile)1/iu.exec(word)?.[1]?.toLowerCase();
  if (prefix === undefined) return unknown(`Not an address this page knows. ${ACCEPTED}`);
  const bytes = decode(word);
  if (bytes === null)
    return unknown(`This ${prefix} is damaged (its checksum fails): copy it again.`);
  const key = prefix === "note" || prefix === "npub" ? bytes : specialField(bytes);
  if (key?.length !== 32) return unknown(`This ${prefix} does not hold a 32-byte id.`);
  return { type: prefix.startsWith("np") ? "entity" : "event", hex: toHex(key) };
}

function decode(word: string): Uint8Array | null {
  try {
    const { words } = bech32.decode(word.toLowerCase() as `${string}1${string}`, LIMIT);
    return bech32.fromWords(words);
  } catch {
    return null;
  }
}

/** The value of the first TLV of type 0 (NIP-19 "special"); unknown types are skipped. */
function specialField(bytes: Uint8Array): Uint8Array | null {
  let at = 0;
  while (at + 2 <= bytes.length) {
    const [type = 0, length = 0] = bytes.subarray(at, at + 2);
    const value = bytes.subarray(at + 2, at + 2 + length);
    if (type === 0) return value.length === length ? value : null;
    at += 2 + length;
  }
  return null;
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function unknown(reason: string): Identifier {
  return { type: "unknown", reason };
}
