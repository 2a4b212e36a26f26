import { useId, type InputHTMLAttributes, type ReactNode, type Ref, type SelectHTMLAttributes, type TextareaHTMLAttributes } from "react";
import { Icon } from "./Icon";
import type { IconName } from "./icons";

type Around = { label: string; hint?: ReactNode; wrong?: string | null };

function Field({ label, hint, wrong, id, children }: Around & { id: string; children: ReactNode }) {
  return (
    <div className="field">
      <label className="label" htmlFor={id}>{label}</label>
      {children}
      {wrong && (
        <p className="wrong" id={`${id}-wrong`}>
          <Icon name="alertCircle" size={12} />
          {wrong}
        </p>
      )}
      {hint && !wrong && <p className="hint" id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}

function describedBy(id: string, { hint, wrong }: Around) {
  return wrong ? `${id}-wrong` : hint ? `${id}-hint` : undefined;
}

type TextFieldProps = Around & InputHTMLAttributes<HTMLInputElement> & { icon?: IconName; end?: ReactNode; ref?: Ref<HTMLInputElement> };

/** One line of text with its label above and, when it is wrong, the reason below. */
export function TextField({ label, hint, wrong, icon, end, ...rest }: TextFieldProps) {
  const id = useId();
  const input = <input dir="auto" {...rest} id={id} className="input" aria-invalid={Boolean(wrong)} aria-describedby={describedBy(id, { label, hint, wrong })} />;
  return (
    <Field label={label} hint={hint} wrong={wrong} id={id}>
      {icon || end ? (
        <span className="input-with">
          {icon && <Icon name={icon} />}
          {input}
          {end && <span className="end">{end}</span>}
        </span>
      ) : (
        input
      )}
    </Field>
  );
}

/** Several lines of text. */
export function TextArea({ label, hint, wrong, ...rest }: Around & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId();
  return (
    <Field label={label} hint={hint} wrong={wrong} id={id}>
      <textarea dir="auto" {...rest} id={id} className="input" aria-invalid={Boolean(wrong)} aria-describedby={describedBy(id, { label, hint, wrong })} />
    </Field>
  );
}

/** One of a few. The browser's own list: it is right on a telephone and with a screen reader. */
export function Select({ label, hint, wrong, children, ...rest }: Around & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId();
  return (
    <Field label={label} hint={hint} wrong={wrong} id={id}>
      <select {...rest} id={id} className="input" aria-describedby={describedBy(id, { label, hint, wrong })}>
        {children}
      </select>
    </Field>
  );
}

export function Checkbox({ label, ...rest }: { label: ReactNode } & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <label className="check-line">
      <input {...rest} type="checkbox" className="checkbox" />
      <span>{label}</span>
    </label>
  );
}

export function Switch({ label, on, onChange, disabled }: { label: string; on: boolean; onChange: (on: boolean) => void; disabled?: boolean }) {
  return (
    <span className="check-line">
      <button type="button" role="switch" className="switch" aria-checked={on} aria-label={label} disabled={disabled} onClick={() => onChange(!on)} />
      <span aria-hidden="true">{label}</span>
    </span>
  );
}
