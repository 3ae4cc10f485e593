/** Amounts: millisatoshi travel as text, since they are 64-bit integers. */

/** Millisatoshi as satoshi with grouped digits: "1,000 sats", "0.5 sats". Null when it is no number. */
export function sats(msat: string | null | undefined): string | null {
  if (msat === null || msat === undefined || !/^-?\d+$/u.test(msat)) return null;
  const value = BigInt(msat);
  const whole = value / 1000n;
  const rest = value % 1000n;
  const fraction =
    rest === 0n
      ? ""
      : `.${String(rest < 0n ? -rest : rest)
          .padStart(3, "0")
          .replace(/0+$/u, "")}`;
  return `${whole.toLocaleString("en")}${fraction} ${whole === 1n && rest === 0n ? "sat" : "sats"}`;
}

/** Bytes in the largest binary unit that keeps the number above one: "1.4 MiB". */
export function bytes(text: string): string {
  let value = Number(text);
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? "B"}`;
}
