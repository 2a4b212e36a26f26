import { memory } from "../memory";

/** What lies over the whole page, if anything. */
export const overlay = memory<"palette" | "keys" | "views" | null>(null);

export const closeOverlay = () => overlay.set(null);
