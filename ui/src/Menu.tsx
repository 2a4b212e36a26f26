import * as Dropdown from "@radix-ui/react-dropdown-menu";
import type { ReactElement, ReactNode } from "react";
import { Icon } from "./Icon";
import type { IconName } from "./icons";
import { useLayer } from "./layer";

/** A list of actions that drops from its trigger. Not modal: nothing else on the page is frozen. */
export function Menu({ trigger, children, side = "bottom", align = "end" }: { trigger: ReactElement; children: ReactNode; side?: "bottom" | "top" | "right"; align?: "start" | "end" }) {
  return (
    <Dropdown.Root modal={false}>
      <Dropdown.Trigger asChild>{trigger}</Dropdown.Trigger>
      <Dropdown.Portal container={useLayer()}>
        <Dropdown.Content className="menu" side={side} align={align} sideOffset={6} collisionPadding={8}>
          {children}
        </Dropdown.Content>
      </Dropdown.Portal>
    </Dropdown.Root>
  );
}

type MenuItemProps = { icon?: IconName; keys?: string; danger?: boolean; disabled?: boolean; onSelect: () => void; children: ReactNode };

export function MenuItem({ icon, keys, danger, disabled, onSelect, children }: MenuItemProps) {
  return (
    <Dropdown.Item className={danger ? "menu-item danger" : "menu-item"} disabled={disabled} onSelect={onSelect}>
      {icon && <Icon name={icon} />}
      <span className="grow">{children}</span>
      {keys && <kbd aria-hidden="true">{keys}</kbd>}
    </Dropdown.Item>
  );
}

export function MenuLine() {
  return <Dropdown.Separator className="menu-line" />;
}

export function MenuHead({ children }: { children: ReactNode }) {
  return <Dropdown.Label className="menu-head">{children}</Dropdown.Label>;
}
