import type { ReactNode } from "react";
import { Icon } from "./Icon";
import type { IconName } from "./icons";
import { toneOf } from "./person";

export type ChipTone = "plain" | "soon" | "danger" | "success" | "warning" | "info" | "accent" | "grey";

/** A tint that means "this needs you" or names a state; never colour alone. */
export function Chip({ tone = "grey", icon, children }: { tone?: ChipTone; icon?: IconName; children: ReactNode }) {
  return (
    <span className={`chip ${tone}`}>
      {icon && <Icon name={icon} size={12} />}
      {children}
    </span>
  );
}

/** A tag is a dot and a grey word. */
export function Tag({ name }: { name: string }) {
  return (
    <span className="tag" dir="auto">
      <i className={`dot tone-${toneOf(name)}`} />
      {name}
    </span>
  );
}

export function Progress({ value, label }: { value: number; label: string }) {
  return (
    <div className="progress" role="progressbar" aria-label={label} aria-valuenow={Math.round(value * 100)} aria-valuemin={0} aria-valuemax={100}>
      <i style={{ transform: `scaleX(${value})` }} />
    </div>
  );
}

/** Stands where text will stand; shown only after 300 ms by the caller's style sheet. */
export function Skeleton({ width }: { width: string }) {
  return <span className="skeleton" style={{ inlineSize: width }} aria-hidden="true" />;
}
