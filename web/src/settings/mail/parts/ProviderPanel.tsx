import { Button, Icon } from "@rapport/ui";
import type { Recognition } from "../../../client/nouns";
import { t } from "../../../i18n";

const notes = { google: "google", icloud: "icloud", yahoo: "generated", aol: "generated", gmx: "imapOff", webde: "imapOff", onet: "imapOff", wp: "imapOff", o2: "imapOff", interia: "imapOff", naver: "naver", naverworks: "imapOff", daum: "daum", zoho: "zoho", tonline: "tonline", proton: "proton" } as const;
const noteOf = (provider: string) => notes[provider as keyof typeof notes] as (typeof notes)[keyof typeof notes] | undefined;

/** Whose address this is, and what to enter: in words, with the way to it. */
export function ProviderPanel({ found, looking, byHand, byPage, onByHand }: { found: Recognition | undefined; looking: boolean; byHand: boolean; byPage: boolean; onByHand: (byHand: boolean) => void }) {
  if (looking) return <div className="provider" role="status"><Icon name="mail" size={20} /><p>{t("provider.looking")}</p></div>;
  if (!found) return null;
  const known = found.provider !== "";
  const note = noteOf(found.provider);
  return (
    <div className="provider" role="status">
      <Icon name="mail" size={20} />
      <div className="grow">
        <b>{known ? found.name : found.imap || found.smtp ? t("provider.guessed") : t("provider.unknown")}</b>
        <p>{origin(found)}</p>
        {byPage && <p className="how">{t("provider.how.page", { name: found.oauth })}</p>}
        {known && !byPage && <p className="how">{t(`provider.how.${found.password}`, { name: found.name })} {note && t(`provider.note.${note}`)}</p>}
        {found.link && !byPage && <p className="links"><a href={found.link} target="_blank" rel="noreferrer">{t(`provider.link.${found.password}`, { name: found.name })}</a></p>}
      </div>
      {(found.imap || found.smtp) && <Button size="compact" look="bare" aria-expanded={byHand} onClick={() => onByHand(!byHand)}>{byHand ? t("provider.short") : t("provider.byHand")}</Button>}
    </div>
  );
}

function origin(found: Recognition): string {
  if (!found.imap && !found.smtp) return t("provider.unknown.why");
  if (found.mx) return t("provider.by.mx", { mx: found.mx });
  if (found.provider) return t("provider.by.address");
  return t("provider.by.servers", { servers: [found.imap?.host, found.smtp?.host].filter(Boolean).join(", ") });
}
