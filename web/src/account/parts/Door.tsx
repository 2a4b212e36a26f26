import { Button } from "@rapport/ui";
import type { FormEvent, ReactNode } from "react";
import { Logo } from "../../app/frame/Logo";

type DoorProps = { title: string; why?: ReactNode; wrong?: string | null; busy?: boolean; action?: string; onSubmit?: () => void; below?: ReactNode; children?: ReactNode };

/** The narrow page before one is inside: a form with one button. */
export function Door({ title, why, wrong, busy, action, onSubmit, below, children }: DoorProps) {
  function submit(event: FormEvent) {
    event.preventDefault();
    onSubmit?.();
  }
  return (
    <main className="door">
      <form onSubmit={submit}>
        <Logo size={36} />
        <h1>{title}</h1>
        {why && <p className="quiet">{why}</p>}
        {wrong && <p className="banner danger" role="alert">{wrong}</p>}
        {children}
        {action && <Button type="submit" look="primary" size="wide big" busy={busy}>{action}</Button>}
        {below && <p className="below">{below}</p>}
      </form>
    </main>
  );
}
