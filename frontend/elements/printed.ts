const SIGNS: Record<string, string> = { mod: "Ctrl", enter: "↵", shift: "⇧" };

/** A key as it stands on the keyboard: "mod+k" is "Ctrl K". */
export function printed(keys: string): string {
  const parts = keys.split("+").map((key) => SIGNS[key] ?? key);
  return parts.map((part) => (part[0] ?? "").toUpperCase() + part.slice(1)).join(" ");
}
