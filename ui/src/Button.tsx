import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { Icon } from "./Icon";
import type { IconName } from "./icons";
import { Tip } from "./Tip";

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  look?: "outlined" | "primary" | "danger" | "bare" | "on-tint";
  size?: "compact" | "usual" | "big" | "wide big";
  icon?: IconName;
  keys?: string;
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
};

/** One thing a person can do. `primary` at most once per pane. A busy button cannot be pressed twice. */
export function Button({ look = "outlined", size = "usual", icon, keys, busy, className, children, ...rest }: ButtonProps) {
  const classes = ["button", look, size, className].filter(Boolean).join(" ");
  return (
    <button type="button" {...rest} className={classes} aria-busy={busy || undefined} disabled={busy || rest.disabled}>
      {icon && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
      {keys && <kbd aria-hidden="true">{keys}</kbd>}
    </button>
  );
}

type IconButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children"> & {
  icon: IconName;
  label: string;
  keys?: string;
  small?: boolean;
  iconSize?: 12 | 16 | 20;
  mark?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
};

/** A button without words; its label is its name and, with the key, its tooltip. */
export function IconButton({ icon, label, keys, small, iconSize = 16, mark, className, ...rest }: IconButtonProps) {
  const classes = ["icon-button", small && "small", className].filter(Boolean).join(" ");
  return (
    <Tip label={label} keys={keys}>
      <button type="button" {...rest} className={classes} aria-label={label}>
        <Icon name={icon} size={iconSize} />
        {mark}
      </button>
    </Tip>
  );
}
