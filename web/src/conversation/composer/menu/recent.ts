const storageKey = "rapport.slash-recent";
const KEPT = 12;

/** What was taken from the menu lately, newest first; kept in this browser. */
export function recentlyTaken(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "[]");
    return Array.isArray(kept) ? kept.filter((each): each is string => typeof each === "string") : [];
  } catch {
    return [];
  }
}

export function tookNow(key: string) {
  localStorage.setItem(storageKey, JSON.stringify([key, ...recentlyTaken().filter((each) => each !== key)].slice(0, KEPT)));
}
