import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Card, Checkbox, showToast } from "@rapport/ui";
import { useState } from "react";
import { Failed } from "../app/Failed";
import { Page } from "../app/Page";
import { api } from "../client/fetch";
import type { NotificationSettings } from "../client/nouns";
import { Problem, messageOf } from "../client/problem";
import { t } from "../i18n";
import { BrowsersCard } from "./BrowsersCard";
import { Matrix } from "./Matrix";
import "./notification.css";
import { PreviewCard } from "./PreviewCard";
import { QuietCard } from "./QuietCard";
import { settingsQuery } from "./settings";
import { notificationKeys } from "./unseen";
import { WatchCard } from "./WatchCard";

/** How I am told: what, on which way, and when not. */
export function NotificationSettingsScreen() {
  const { data, error, refetch } = useQuery(settingsQuery);
  const { settings, change, save, busy, dirty, wrong, problem } = useEdit(data);
  const actions = dirty && <Button look="primary" busy={busy} onClick={save}>{t("action.save")}</Button>;
  return (
    <Page title={t("frame.notifications")} sub={t("notification.settings.why")} actions={actions}>
      {error && <Failed error={error} onRetry={refetch} />}
      {settings && (
        <div className="column notification-settings">
          {problem && <p className="bad" role="alert">{problem}</p>}
          <Matrix settings={settings} onChange={change} />
          <QuietCard settings={settings} wrong={wrong} onChange={change} />
          <WatchCard settings={settings} onChange={change} />
          <BrowsersCard />
          <Card title={t("notification.mail")}>
            <div className="card-body">
              <p className="quiet">{t("notification.mail.why")}</p>
              <Checkbox label={t("notification.digest")} checked={settings.digest} onChange={() => change({ ...settings, digest: !settings.digest })} />
              <Checkbox label={t("notification.hide")} checked={settings.hide_words} onChange={() => change({ ...settings, hide_words: !settings.hide_words })} />
            </div>
          </Card>
          <PreviewCard settings={settings} />
        </div>
      )}
    </Page>
  );
}

/** What is kept, with what has been changed on screen since. */
function useEdit(kept: NotificationSettings | undefined) {
  const client = useQueryClient();
  const [edited, setEdited] = useState<NotificationSettings | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  async function save() {
    if (!edited) return;
    setBusy(true);
    try {
      client.setQueryData(notificationKeys.settings, await api.put<NotificationSettings>("/notifications/settings", edited));
      setEdited(null);
      setProblem(null);
      showToast({ text: t("notification.saved"), seconds: 4 });
    } catch (failure) {
      setProblem(failure);
    } finally {
      setBusy(false);
    }
  }
  return {
    settings: edited ?? kept, change: setEdited, save, busy, dirty: edited !== null,
    wrong: (field: string) => (problem instanceof Problem ? problem.about(field) : null), problem: problem ? messageOf(problem) : null,
  };
}
