import * as Pop from "@radix-ui/react-popover";
import type { ReactElement, ReactNode } from "react";
import { useLayer } from "./layer";

/** Opens some sentences beside the mark they explain. The trigger is a button. */
export function Explain({ label, trigger, children }: { label: string; trigger: ReactElement; children: ReactNode }) {
  return (
    <Pop.Root>
      <Pop.Trigger asChild>{trigger}</Pop.Trigger>
      <Pop.Portal container={useLayer()}>
        <Pop.Content className="popover explain" align="start" sideOffset={6} collisionPadding={8} aria-label={label}>{children}</Pop.Content>
      </Pop.Portal>
    </Pop.Root>
  );
}
