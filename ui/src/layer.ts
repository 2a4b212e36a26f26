import { createContext, useContext } from "react";

/** Where floating things are put: the page, or the modal dialog that lies over it. */
export const Layer = createContext<HTMLElement | null>(null);

export function useLayer(): HTMLElement | undefined {
  return useContext(Layer) ?? undefined;
}
