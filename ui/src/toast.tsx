import { useEffect, useState, useSyncExternalStore } from "react";
import { Button, IconButton } from "./Button";
import type { IconName } from "./icons";

export type Toast = {
  id: number;
  text: string;
  sub?: string | ((secondsLeft: number) => string);
  /** What can be done about it; leads: it only goes somewhere, so the key that takes things back leaves it alone. */
  action?: { label: string; icon?: IconName; keys?: string; leads?: boolean; run: () => void };
  until: number;
};

const LIMIT = 2;
let toasts: Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function change(next: Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Says what has happened and how to take it back. Newest last; at most two at once. */
export function showToast(toast: Omit<Toast, "id" | "until"> & { seconds?: number }): number {
  const { seconds = 8, ...rest } = toast;
  const id = ++lastId;
  change([...toasts, { ...rest, id, until: Date.now() + seconds * 1000 }].slice(-LIMIT));
  window.setTimeout(() => hideToast(id), seconds * 1000);
  return id;
}

export function hideToast(id: number) {
  if (toasts.some((toast) => toast.id === id)) change(toasts.filter((toast) => toast.id !== id));
}

/** Runs the newest action on offer, which is what the key Z does. False when there is none. */
export function runNewestToast(): boolean {
  const newest = toasts.findLast((toast) => toast.action && !toast.action.leads);
  if (!newest?.action) return false;
  hideToast(newest.id);
  newest.action.run();
  return true;
}

function useToasts() {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
}

export function Toasts({ closeLabel }: { closeLabel: string }) {
  return (
    <div className="toasts" role="status">
      {useToasts().map((toast) => <ToastView key={toast.id} toast={toast} closeLabel={closeLabel} />)}
    </div>
  );
}

function ToastView({ toast, closeLabel }: { toast: Toast; closeLabel: string }) {
  const left = useSecondsUntil(toast.until, typeof toast.sub === "function");
  const sub = typeof toast.sub === "function" ? toast.sub(left) : toast.sub;
  const { action } = toast;
  return (
    <div className="toast">
      <span className="words">
        {toast.text} {sub && <span className="sub">{sub}</span>}
      </span>
      {action ? (
        <Button size="compact" icon={action.icon} keys={action.keys} onClick={() => { hideToast(toast.id); action.run(); }}>
          {action.label}
        </Button>
      ) : (
        <IconButton icon="x" label={closeLabel} onClick={() => hideToast(toast.id)} />
      )}
    </div>
  );
}

function useSecondsUntil(until: number, ticking: boolean) {
  const [left, setLeft] = useState(() => Math.ceil((until - Date.now()) / 1000));
  useEffect(() => {
    if (!ticking) return;
    const timer = window.setInterval(() => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000))), 250);
    return () => window.clearInterval(timer);
  }, [until, ticking]);
  return left;
}
