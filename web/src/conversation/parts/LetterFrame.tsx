import { useEffect, useRef, useState } from "react";
import { useMemory } from "../../app/memory";
import { shownTheme } from "../../app/theme";
import { dressFrame, keepHeight } from "../mailFrame";

/** A letter that is being made, as it will leave: in a frame without scripts, as every mail. */
export function LetterFrame({ html, title }: { html: string; title: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [loads, setLoads] = useState(0);
  const look = useMemory(shownTheme);
  useEffect(() => {
    if (!loads || !frame.current?.contentDocument?.body) return;
    dressFrame(frame.current, undefined);
    return keepHeight(frame.current);
  }, [loads, look]);
  return (
    <iframe
      ref={frame} className="mail-frame" title={title} sandbox="allow-same-origin" referrerPolicy="no-referrer"
      srcDoc={`<!DOCTYPE html><html><body>${html}</body></html>`} onLoad={() => setLoads((n) => n + 1)}
    />
  );
}
