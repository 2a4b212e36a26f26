import { useLayoutEffect, useState, type RefObject } from "react";

/** How much smaller the page is shown so that it fits beside the settings. */
export function useScale(box: RefObject<HTMLDivElement | null>, { width, height }: { width: number; height: number }): number {
  const [room, setRoom] = useState({ width: 480, height: 640 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const sizes = new ResizeObserver(() => setRoom({ width: element.clientWidth, height: Math.max(360, window.innerHeight - 260) }));
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);
  return Math.min(1, room.width / width, room.height / height);
}
