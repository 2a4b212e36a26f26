import { Button, Empty } from "@rapport/ui";
import { messageOf, Problem, Unreachable } from "../client/problem";
import { t } from "../i18n";

/** The server cannot be reached: what it is, what is safe, one thing to do. */
function AwayScreen() {
  return (
    <main className="alone">
      <Empty icon="globe" title={t("error.away")} why={t("error.away.why")} action={<Button look="primary" icon="retry" onClick={() => window.location.reload()}>{t("action.retry")}</Button>} />
    </main>
  );
}

/** Something broke while drawing or loading a whole screen. Always a way back. */
export function ErrorScreen({ error }: { error: unknown }) {
  if (error instanceof Unreachable) return <AwayScreen />;
  const id = error instanceof Problem ? error.requestId : undefined;
  return (
    <main className="alone">
      <Empty
        icon="alertCircle"
        title={t("error.screen")}
        why={messageOf(error) + (id ? ` ${t("error.id", { id })}` : "")}
        action={<Button look="primary" onClick={() => window.location.reload()}>{t("error.reload")}</Button>}
      />
    </main>
  );
}

export function NotFoundScreen() {
  return (
    <main className="alone">
      <Empty icon="search" title={t("error.notFound")} why={t("error.notFound.why")} action={<a className="button" href="/">{t("error.toInbox")}</a>} />
    </main>
  );
}
