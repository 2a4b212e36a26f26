import type { KeyboardEvent } from "react";
import { Icon } from "./Icon";
import type { IconName } from "./icons";

type Segment<T extends string> = { value: T; label: string; icon?: IconName };

/** Two to four ways of the same thing. Arrow keys move, as in any radio group. */
export function Segments<T extends string>({ label, value, options, onChange }: { label: string; value: T; options: Segment<T>[]; onChange: (value: T) => void }) {
  function move(event: KeyboardEvent<HTMLDivElement>) {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const at = options.findIndex((option) => option.value === value);
    const next = options[(at + step + options.length) % options.length];
    if (!next) return;
    onChange(next.value);
    (event.currentTarget.children[options.indexOf(next)] as HTMLElement).focus();
  }
  return (
    <div className="segments" role="radiogroup" aria-label={label} onKeyDown={move}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          tabIndex={option.value === value ? 0 : -1}
          onClick={() => onChange(option.value)}
        >
          {option.icon && <Icon name={option.icon} size={12} />}
          {option.label}
        </button>
      ))}
    </div>
  );
}
