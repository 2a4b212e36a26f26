import { Banner, Card, CodeLine } from "@rapport/ui";
import { t } from "../../../i18n";
import { embedOf, linkOf } from "../formDraft";

/** The form's own address, and what to paste into a page. */
export function ShareCard({ formKey, title, origins }: { formKey: string; title: string; origins: string[] }) {
  const { origin } = window.location;
  const copy = { copyLabel: t("action.copy"), copiedLabel: t("action.copied") };
  return (
    <Card title={t("form.share")} end={<a className="link" href={linkOf("", formKey)} target="_blank" rel="noopener">{t("form.share.open")}</a>}>
      <div className="card-body">
        <div className="form-share">
          <span className="label">{t("form.share.link")}</span>
          <CodeLine text={linkOf(origin, formKey)} {...copy} />
        </div>
        <div className="form-share">
          <span className="label">{t("form.share.embed")}</span>
          <CodeLine text={embedOf(origin, formKey, title)} {...copy} />
          {origins.length === 0 ? <Banner tone="info" icon="info">{t("form.share.noSite")}</Banner> : <p className="quiet small">{t("form.share.embed.why")}</p>}
        </div>
      </div>
    </Card>
  );
}
