import * as Pop from "@radix-ui/react-popover";
import { useEffect, useId, useState, type KeyboardEvent, type ReactElement, type ReactNode } from "react";
import { useLayer } from "./layer";

export type Choice = { value: string; label: string; sub?: string; mark?: ReactNode; keys?: string };

type PickerProps = {
  label: string;
  placeholder: string;
  nothing: string;
  choices: Choice[];
  chosen?: string[];
  open: boolean;
  onOpen: (open: boolean) => void;
  onPick: (value: string) => void;
  /** Offers the typed words themselves as a choice, for example a new tag. */
  create?: (typed: string) => Choice;
  trigger: ReactElement;
};

/** Choose from a list by typing, arrows and return. Opens from its trigger or from a key. */
export function Picker(props: PickerProps) {
  return (
    <Pop.Root open={props.open} onOpenChange={props.onOpen}>
      <Pop.Trigger asChild>{props.trigger}</Pop.Trigger>
      <Pop.Portal container={useLayer()}>
        <Pop.Content className="popover" align="start" sideOffset={6} collisionPadding={8} aria-label={props.label}>
          <PickerBody {...props} />
        </Pop.Content>
      </Pop.Portal>
    </Pop.Root>
  );
}

export function narrow(choices: Choice[], typed: string): Choice[] {
  const wanted = typed.trim().toLocaleLowerCase();
  return wanted ? choices.filter((choice) => choice.label.toLocaleLowerCase().includes(wanted)) : choices;
}

function PickerBody({ label, placeholder, nothing, choices, chosen = [], onOpen, onPick, create }: PickerProps) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const found = narrow(choices, typed);
  const exact = choices.some((choice) => choice.label === typed.trim());
  const shown = create && typed.trim() && !exact ? [...found, create(typed.trim())] : found;
  useEffect(() => setAt(0), [typed]);

  function pick(choice: Choice | undefined) {
    if (!choice) return;
    onOpen(false);
    onPick(choice.value);
  }
  function keyed(event: KeyboardEvent) {
    if (event.key === "ArrowDown") setAt((n) => Math.min(n + 1, shown.length - 1));
    else if (event.key === "ArrowUp") setAt((n) => Math.max(n - 1, 0));
    else if (event.key === "Enter" && !event.nativeEvent.isComposing) pick(shown[at]);
    else return;
    event.preventDefault();
  }
  return (
    <div className="picker">
      <input
        className="input" role="combobox" aria-expanded="true" aria-controls={id} aria-label={label} aria-activedescendant={shown[at] && `${id}-${at}`}
        placeholder={placeholder} value={typed} autoFocus dir="auto" onChange={(event) => setTyped(event.target.value)} onKeyDown={keyed}
      />
      <div className="options" role="listbox" id={id} aria-label={label}>
        {shown.map((choice, n) => (
          <div
            key={choice.value} id={`${id}-${n}`} className="option" role="option" aria-selected={n === at}
            onPointerMove={() => setAt(n)} onClick={() => pick(choice)}
          >
            {choice.mark}
            <span className="cut" dir="auto">{choice.label}</span>
            {choice.sub && <span className="sub">{choice.sub}</span>}
            {chosen.includes(choice.value) && <span className="sub" aria-hidden="true">✓</span>}
          </div>
        ))}
        {shown.length === 0 && <p className="option-head">{nothing}</p>}
      </div>
    </div>
  );
}
