/** Why an address of a site cannot be taken. */
export type SiteTrouble = "empty" | "scheme" | "host" | "wild" | "twice";

const label = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/**
 * The origin of a site as the server compares it: scheme, host and port and nothing else, or `https://*.example.com` for every
 * site below one name. What was pasted with a path is understood; what cannot be meant is said why.
 */
export function readSite(typed: string, known: string[] = []): { origin: string } | { trouble: SiteTrouble } {
  const text = typed.trim().toLowerCase();
  if (!text) return { trouble: "empty" };
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//.test(text) ? text : `https://${text}`;
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/.exec(withScheme)!;
  if (scheme !== "https" && scheme !== "http") return { trouble: "scheme" };
  const [authority = ""] = rest!.split(/[/?#]/);
  if (authority.includes("@")) return { trouble: "host" };
  const [host = "", port, extra] = authority.split(":");
  const isWild = host.startsWith("*.");
  const names = (isWild ? host.slice(2) : host).split(".");
  if (host.includes("*") && (!isWild || scheme !== "https" || names.includes("*") || names.length < 2)) return { trouble: "wild" };
  if (!names.every((name) => label.test(punycoded(name))) || extra !== undefined) return { trouble: "host" };
  if (names.length < 2 && names[0] !== "localhost") return { trouble: "host" };
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65_536)) return { trouble: "host" };
  const usual = scheme === "https" ? "443" : "80";
  const origin = `${scheme}://${isWild ? "*." : ""}${names.map(punycoded).join(".")}${port && Number(port) !== Number(usual) ? `:${Number(port)}` : ""}`;
  return known.includes(origin) ? { trouble: "twice" } : { origin };
}

/** Browsers send names outside Latin in their coded form. */
function punycoded(name: string): string {
  if (/^[\x00-\x7f]*$/.test(name)) return name;
  try {
    return new URL(`http://${name}`).hostname;
  } catch {
    return name;
  }
}

/** Whether a page there may show the chat: the rule of the server, to tell why a site was refused. */
export function isAllowed(origin: string, allowed: string[]): boolean {
  return allowed.some((each) => each === origin || (each.startsWith("https://*.") && origin.startsWith("https://") && origin.endsWith(each.slice("https://*".length))));
}
