import * as Tooltip from "@radix-ui/react-tooltip";
import type { ReactElement } from "react";
import { useLayer } from "./layer";

export const TipProvider = Tooltip.Provider;

/** Words and key of a control, shown after a moment of hover or at once on focus by keyboard. */
export function Tip({ label, keys, children }: { label: string; keys?: string; children: ReactElement }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal container={useLayer()}>
        <Tooltip.Content className="tip" sideOffset={6} collisionPadding={8}>
          {label}
          {keys && <kbd>{keys}</kbd>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
