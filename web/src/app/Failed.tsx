import { Banner, Button } from "@rapport/ui";
import { messageOf } from "../client/problem";
import { t } from "../i18n";

/** In place of what could not be asked for: why, and a way to ask again. Nothing that failed is shown as empty. */
export function Failed({ error, onRetry }: { error: unknown; onRetry: () => unknown }) {
  return <Banner tone="danger" action={<Button size="compact" onClick={() => void onRetry()}>{t("action.retry")}</Button>}>{messageOf(error)}</Banner>;
}
