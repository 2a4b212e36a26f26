import { memory } from "../app/memory";

/** How much a row of the list shows, remembered on this device. */
export type Density = "compact" | "default" | "comfortable";

export const rowHeights: Record<Density, number> = { compact: 40, default: 64, comfortable: 80 };

const storageKey = "rapport.density";
const kept = localStorage.getItem(storageKey);

export const density = memory<Density>(kept && kept in rowHeights ? (kept as Density) : "default");

export function setDensity(next: Density) {
  localStorage.setItem(storageKey, next);
  density.set(next);
}
