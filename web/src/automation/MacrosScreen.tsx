import "./automation.css";
import { useQuery } from "@tanstack/react-query";
import { Button, Empty, showToast } from "@rapport/ui";
import { useState } from "react";
import { useCan } from "../account/people";
import { useCommands } from "../app/commands";
import { Failed } from "../app/Failed";
import { shownKeys } from "../app/keys";
import { Page } from "../app/Page";
import { macrosQuery, type Macro } from "../conversation/composer/menu/texts";
import { t } from "../i18n";
import { MacroDialog } from "./MacroDialog";
import { Shelf } from "./parts/Shelf";
import { useStepWords } from "./parts/Steps";
import { automation, macroDraft, useAutomationChange, type MacroDraft } from "./queries";

type Open = { id: number | null; draft: MacroDraft; readOnly?: boolean };

/** Sequences of actions that are run by one key. */
export function MacrosScreen() {
  const { data: all = [], isPending, error, refetch } = useQuery(macrosQuery);
  const makes = useCan("automation.edit");
  const shares = useCan("automation.share");
  const [open, setOpen] = useState<Open | null>(null);
  const words = useStepWords();
  const save = useAutomationChange(automation.saveMacro);
  const remove = useAutomationChange(automation.removeMacro);
  const begin = () => setOpen({ id: null, draft: { name: "", folder: "", shared: shares, actions: [] } });
  const mayChange = (macro: Macro) => (macro.shared ? shares : makes);
  useCommands(makes ? [{ id: "macros.new", label: t("automation.macros.new"), keys: "C", group: "general", icon: "plus", run: begin }] : []);
  const removed = (macro: Macro) => remove.mutate(macro.id, {
    onSuccess: () => showToast({
      text: t("automation.removed", { name: macro.name }),
      action: { label: t("action.undo"), icon: "undo", keys: shownKeys("Z"), run: () => save.mutate({ id: macro.id, draft: macroDraft(macro) }) },
    }),
  });
  const button = makes && <Button look="primary" icon="plus" onClick={begin}>{t("automation.macros.new")}</Button>;
  return (
    <Page title={t("frame.macros")} sub={t("automation.macros.why")} actions={all.length > 0 && button}>
      {error && <Failed error={error} onRetry={refetch} />}
      {!error && !isPending && all.length === 0 && <Empty icon="repeat" title={t("automation.macros.none")} why={t("automation.macros.none.why")} action={button} />}
      {all.length > 0 && (
        <Shelf
          items={all} also={(macro) => macro.actions.map(words).join(" ")} excerpt={(macro) => macro.actions.map(words).join(" · ").replaceAll(/\s+/g, " ")} mayChange={mayChange}
          onOpen={(macro) => setOpen({ id: macro.id, draft: macroDraft(macro), readOnly: !mayChange(macro) })}
          onCopy={makes ? (macro) => setOpen({ id: null, draft: { ...macroDraft(macro), name: t("automation.copyOf", { name: macro.name }), shared: shares && macro.shared } }) : null}
          onRemove={removed}
        />
      )}
      {open && <MacroDialog {...open} folders={[...new Set(all.map((each) => each.folder).filter(Boolean))]} onClose={() => setOpen(null)} />}
    </Page>
  );
}
