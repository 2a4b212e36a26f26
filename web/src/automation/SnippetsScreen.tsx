import "./automation.css";
import { useQuery } from "@tanstack/react-query";
import { Button, Empty, Icon, showToast } from "@rapport/ui";
import { useState } from "react";
import { useCan } from "../account/people";
import { useCommands } from "../app/commands";
import { Failed } from "../app/Failed";
import { shownKeys } from "../app/keys";
import { Page } from "../app/Page";
import { snippetsQuery, type Snippet } from "../conversation/composer/menu/texts";
import { t } from "../i18n";
import { Shelf } from "./parts/Shelf";
import { automation, snippetDraft, useAutomationChange, type SnippetDraft } from "./queries";
import { SnippetDialog } from "./SnippetDialog";

type Open = { id: number | null; draft: SnippetDraft; readOnly?: boolean };

/** Texts written once for many answers: shared by the team, or one's own. */
export function SnippetsScreen() {
  const { data: all = [], isPending, error, refetch } = useQuery(snippetsQuery);
  const makes = useCan("automation.edit");
  const shares = useCan("automation.share");
  const [open, setOpen] = useState<Open | null>(null);
  const save = useAutomationChange(automation.saveSnippet);
  const remove = useAutomationChange(automation.removeSnippet);
  const begin = () => setOpen({ id: null, draft: { name: "", folder: "", language: "", text: "", html: "", shared: shares, approved: false } });
  const mayChange = (snippet: Snippet) => (snippet.shared ? shares : makes);
  useCommands(makes ? [{ id: "snippets.new", label: t("automation.snippets.new"), keys: "C", group: "general", icon: "plus", run: begin }] : []);
  const removed = (snippet: Snippet) => remove.mutate(snippet.id, {
    onSuccess: () => showToast({
      text: t("automation.removed", { name: snippet.name }),
      action: { label: t("action.undo"), icon: "undo", keys: shownKeys("Z"), run: () => save.mutate({ id: snippet.id, draft: snippetDraft(snippet) }) },
    }),
  });
  const button = makes && <Button look="primary" icon="plus" onClick={begin}>{t("automation.snippets.new")}</Button>;
  return (
    <Page title={t("frame.snippets")} sub={t("automation.snippets.why")} actions={all.length > 0 && button}>
      {error && <Failed error={error} onRetry={refetch} />}
      {!error && !isPending && all.length === 0 && <Empty icon="form" title={t("automation.snippets.none")} why={t("automation.snippets.none.why")} action={button} />}
      {all.length > 0 && (
        <Shelf
          items={all} also={(snippet) => snippet.text} excerpt={(snippet) => snippet.text.replaceAll(/\s+/g, " ")} mayChange={mayChange}
          mark={(snippet) => (snippet.approved ? <span className="approved small"><Icon name="checkCircle" size={12} />{t("automation.approved")}</span> : null)}
          onOpen={(snippet) => setOpen({ id: snippet.id, draft: snippetDraft(snippet), readOnly: !mayChange(snippet) })}
          onCopy={makes ? (snippet) => setOpen({ id: null, draft: { ...snippetDraft(snippet), name: t("automation.copyOf", { name: snippet.name }), shared: shares && snippet.shared, approved: false } }) : null}
          onRemove={removed}
        />
      )}
      {open && <SnippetDialog {...open} folders={[...new Set(all.map((each) => each.folder).filter(Boolean))]} onClose={() => setOpen(null)} />}
    </Page>
  );
}
