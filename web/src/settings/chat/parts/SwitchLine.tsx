import { useId, type ReactNode } from "react";

/** A switch with a sentence that says what it does. */
export function SwitchLine({ label, why, on, onChange }: { label: string; why: ReactNode; on: boolean; onChange: (on: boolean) => void }) {
  const id = useId();
  return (
    <div className="switch-line">
      <label htmlFor={id}>
        <span className="label">{label}</span>
        <span className="quiet small" id={`${id}-why`}>{why}</span>
      </label>
      <button type="button" role="switch" id={id} className="switch" aria-checked={on} aria-label={label} aria-describedby={`${id}-why`} onClick={() => onChange(!on)} />
    </div>
  );
}
