import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Empty, showToast } from "@rapport/ui";
import { useEffect } from "react";
import { Page } from "../../app/Page";
import { messageOf } from "../../client/problem";
import { t } from "../../i18n";
import { dropDraft, keptDraft, useComeBack } from "./signIn";

/** Back from the provider's page: to the inbox that was connected again, or to the set-up where it was left. */
export function ReturnScreen() {
  const { state, code, error } = useSearch({ from: "/gate/settings/oauth" });
  const { data: signedIn, error: wrong } = useComeBack({ state: state ?? "", code: code ?? "", error: error ?? "" });
  const navigate = useNavigate();
  useEffect(() => {
    if (!signedIn) return;
    if (signedIn.inbox_id) {
      dropDraft();
      showToast({ text: t("signin.done", { address: signedIn.address, name: signedIn.name }), seconds: 4 });
    }
    void navigate({
      to: "/settings/inboxes/$id", params: { id: signedIn.inbox_id ? String(signedIn.inbox_id) : "new" }, replace: true,
      search: signedIn.inbox_id ? {} : { channel: "email", authorization: signedIn.id },
    });
  }, [signedIn, navigate]);
  if (!wrong) return <Page title={t("signin.back")}><p className="quiet waiting" role="status">{t("signin.coming")}</p></Page>;
  const toSetUp = keptDraft() !== null;
  return (
    <Page title={t("signin.back")}>
      <Empty
        icon="alertCircle" title={t("signin.failed")} why={messageOf(wrong)}
        action={toSetUp
          ? <Link className="button" to="/settings/inboxes/$id" params={{ id: "new" }} search={{ channel: "email" }} replace>{t("signin.toSetUp")}</Link>
          : <Link className="button" to="/settings/inboxes" replace>{t("settings.inboxes")}</Link>}
      />
    </Page>
  );
}
