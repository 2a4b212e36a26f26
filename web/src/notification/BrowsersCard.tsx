import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Card, showToast } from "@rapport/ui";
import { Ago } from "../app/Ago";
import { api } from "../client/fetch";
import type { PushTrial } from "../client/nouns";
import { useAct } from "../client/useAct";
import { t } from "../i18n";
import { deviceOf } from "../settings/SecurityScreen";
import { readiness, subscribe, unsubscribe } from "./push";
import { pushQuery } from "./settings";
import { notificationKeys } from "./unseen";

/** The browsers that are told while they are closed. */
export function BrowsersCard() {
  const client = useQueryClient();
  const [busy, act] = useAct();
  const { data } = useQuery(pushQuery);
  const { data: here = "no" } = useQuery({ queryKey: [...notificationKeys.all, "here"], queryFn: readiness, staleTime: 0 });
  const browsers = data?.browsers ?? [];
  const change = (run: () => Promise<unknown>) => void act(() => run().finally(() => client.invalidateQueries({ queryKey: notificationKeys.all })));
  const turnOn = () => change(async () => {
    if (!(await subscribe(deviceOf({ user_agent: navigator.userAgent })))) showToast({ text: t("notification.push.denied") });
  });
  const end = (id: number) => change(async () => {
    await api.delete(`/push/subscriptions/${id}`);
    if (browsers.length === 1) await unsubscribe();
  });
  const trial = () => change(async () => {
    const { reached, gone, failed, reason } = await api.post<PushTrial>("/push/test");
    showToast({ text: failed > 0 ? t("notification.push.failed") : gone > 0 ? t("notification.push.gone") : t("notification.push.reached", { n: reached }), sub: reason });
  });
  return (
    <Card title={t("notification.push")} end={browsers.length > 0 && <Button size="compact" busy={busy} onClick={trial}>{t("notification.push.try")}</Button>}>
      <div className="card-body">
        <p className="quiet">{t(here === "no" ? "notification.push.no" : here === "denied" ? "notification.push.denied" : "notification.push.why")}</p>
        {here === "off" && <div><Button icon="phone" busy={busy} onClick={turnOn}>{t("notification.push.on")}</Button></div>}
      </div>
      {browsers.length > 0 && (
        <ul className="rows">
          {browsers.map((browser) => (
            <li key={browser.id}>
              <div className="grow">
                <b dir="auto">{browser.device || t("notification.push.browser")}</b>
                <div className="quiet small">{browser.reached_at ? <>{t("notification.push.last")} <Ago at={browser.reached_at} /></> : <Ago at={browser.created_at} />}</div>
              </div>
              <Button size="compact" busy={busy} onClick={() => end(browser.id)}>{t("notification.push.end")}</Button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
