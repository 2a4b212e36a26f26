import { useRef, useState } from "react";
import { upload } from "../../client/fetch";
import { messageOf } from "../../client/problem";
import type { Attachment } from "../../client/nouns";

export type Sending = { key: number; name: string; size: number; part: number; wrong: string | null; stop: () => void; again: () => void };

/** Files on their way up. A finished one is handed over; a failed one stays, says why and can be tried again. */
export function useFiles(onDone: (file: Attachment) => void) {
  const [sending, setSending] = useState<Sending[]>([]);
  const next = useRef(0);
  const done = useRef(onDone);
  done.current = onDone;

  function add(files: File[], also?: (file: Attachment) => void) {
    for (const file of files) send(file, next.current++, also);
  }
  function send(file: File, key: number, also?: (file: Attachment) => void) {
    const patch = (change: Partial<Sending>) => setSending((now) => now.map((each) => (each.key === key ? { ...each, ...change } : each)));
    const drop = () => setSending((now) => now.filter((each) => each.key !== key));
    const run = upload<Attachment>("/attachments", file, "POST", (part) => patch({ part }));
    const one: Sending = { key, name: file.name, size: file.size, part: 0, wrong: null, stop: () => { run.stop(); drop(); }, again: () => send(file, key, also) };
    setSending((now) => (now.some((each) => each.key === key) ? now.map((each) => (each.key === key ? one : each)) : [...now, one]));
    run.done.then(
      (attachment) => {
        drop();
        done.current(attachment);
        also?.(attachment);
      },
      (error: unknown) => patch({ wrong: messageOf(error) }),
    );
  }
  return { sending, add };
}
