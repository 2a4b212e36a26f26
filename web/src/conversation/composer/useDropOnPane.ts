import { useEffect, useRef, type RefObject } from "react";

/** Files may be dropped anywhere on the conversation, not on the text alone; the pane shows that it takes them. */
export function useDropOnPane(inside: RefObject<HTMLElement | null>, add: (files: File[]) => void) {
  const latest = useRef(add);
  latest.current = add;
  useEffect(() => {
    const pane = inside.current?.closest<HTMLElement>(".pane-conversation");
    if (!pane) return;
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      pane.dataset["dropping"] = "";
    };
    const left = (event: DragEvent) => {
      if (!(event.relatedTarget instanceof Node && pane.contains(event.relatedTarget))) delete pane.dataset["dropping"];
    };
    const dropped = (event: DragEvent) => {
      delete pane.dataset["dropping"];
      if (event.defaultPrevented || !hasFiles(event)) return; // the editor has taken what was dropped into it
      event.preventDefault();
      latest.current([...(event.dataTransfer?.files ?? [])]);
    };
    pane.addEventListener("dragover", over);
    pane.addEventListener("dragleave", left);
    pane.addEventListener("drop", dropped);
    return () => {
      pane.removeEventListener("dragover", over);
      pane.removeEventListener("dragleave", left);
      pane.removeEventListener("drop", dropped);
    };
  }, []);
}
