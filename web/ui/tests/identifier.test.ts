import { bech32 } from "@scure/base";
import { describe, expect, test } from "vitest";
import { parseIdentifier } from "../src/nostr/identifier";

// NIP-19's own examples.
const NPUB = "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg";
const NPUB_HEX = "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e";
const NPROFILE =
  "nprofile1qqsrhuxx8l9ex335q7he0f09aej04zpazpl0ne2cgukyawd24mayt8gpp4mhxue69uhhytnc9e3k7mgpz4mhxue69uhkg6nzv9ejuumpv34kytnrdaksjlyr9p";
const NPROFILE_HEX = "3bf0c63fcb93463407af97a5e5ee64fa883d107ef9e558472c4eb9aaaefa459d";
const NSEC = "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5";
const ID = "ab".repeat(32);

const encode = (prefix: string, bytes: number[]) =>
  bech32.encode(prefix, bech32.toWords(Uint8Array.from(bytes)), 5000);
const idBytes = Array<number>(32).fill(0xab);

describe("what a person pastes", () => {
  test("a hex id is taken in either case, with spaces around it", () => {
    expect(parseIdentifier(`  ${ID.toUpperCase()}\n`)).toEqual({ type: "hex", hex: ID });
  });

  test.each([
    [NPUB, NPUB_HEX],
    [NPROFILE, NPROFILE_HEX],
  ])("%s is a key, with and without nostr:", (text, hex) => {
    expect(parseIdentifier(text)).toEqual({ type: "entity", hex });
    expect(parseIdentifier(`nostr:${text}`)).toEqual({ type: "entity", hex });
    expect(parseIdentifier(text.toUpperCase())).toEqual({ type: "entity", hex });
  });

  test("a note is an event", () => {
    expect(parseIdentifier(encode("note", idBytes))).toEqual({ type: "event", hex: ID });
  });

  test("a nevent is its event, whatever stands before the id", () => {
    const nevent = encode("nevent", [1, 3, 0x77, 0x73, 0x73, 9, 1, 0, 0, 32, ...idBytes]);
    expect(parseIdentifier(`web+nostr://${nevent}`)).toEqual({ type: "event", hex: ID });
  });

  test.each([NSEC, `nostr:${NSEC}`, `my key is ${NSEC} ok?`, NSEC.toUpperCase(), "ncryptsec1abc"])(
    "a secret key is recognised anywhere in %s",
    (text) => {
      expect(parseIdentifier(text)).toEqual({ type: "secret" });
    },
  );

  test("nothing is empty", () => {
    expect(parseIdentifier("  ")).toEqual({ type: "empty" });
    expect(parseIdentifier("nostr:")).toEqual({ type: "empty" });
  });

  test.each([
    ["abc123", "64 digits; this has 6"],
    [`${NPUB.slice(0, -1)}q`, "damaged"],
    [encode("note", [1, 2, 3]), "32-byte id"],
    [encode("nevent", [0, 40, ...idBytes]), "32-byte id"],
    [encode("nevent", [1, 0]), "32-byte id"],
    ["hello", "Not an address"],
    [`nevent1${"q".repeat(9000)}`, "damaged"],
  ])("%s is refused with a reason", (text, reason) => {
    const found = parseIdentifier(text);
    expect(found.type).toBe("unknown");
    expect(found.type === "unknown" && found.reason).toContain(reason);
  });
});
