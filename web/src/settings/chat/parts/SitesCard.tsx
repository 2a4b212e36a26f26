import { Button, Card, Icon, IconButton, TextField } from "@rapport/ui";
import { useState } from "react";
import { t } from "../../../i18n";
import { readSite, type SiteTrouble } from "../sites";

/** Where a chat or a form may stand. Every other page that carries the snippet is refused. */
export function SitesCard({ origins, none = t("chat.sites.none"), wrong, onChange }: { origins: string[]; none?: string; wrong: string | null; onChange: (origins: string[]) => void }) {
  const [typed, setTyped] = useState("");
  const [trouble, setTrouble] = useState<SiteTrouble | null>(null);
  function add() {
    const read = readSite(typed, origins);
    if ("trouble" in read) return setTrouble(read.trouble);
    onChange([...origins, read.origin]);
    setTyped("");
    setTrouble(null);
  }
  return (
    <Card title={t("chat.sites")}>
      <div className="card-body">
        {origins.length === 0 ? <p className="quiet">{none}</p> : (
          <ul className="sites">
            {origins.map((origin) => (
              <li key={origin}>
                <Icon name="globe" />
                <span className="grow cut" dir="ltr" title={origin}>{origin}</span>
                <IconButton small icon="x" label={t("chat.sites.remove", { site: origin })} onClick={() => onChange(origins.filter((each) => each !== origin))} />
              </li>
            ))}
          </ul>
        )}
        <div className="add-line-of">
          <TextField
            label={t("chat.sites.add")} hint={t("chat.sites.hint")} placeholder="https://www.example.com" inputMode="url" spellCheck={false} autoCapitalize="off" dir="ltr" value={typed}
            wrong={trouble ? t(`chat.sites.trouble.${trouble}`) : wrong} onChange={(event) => { setTyped(event.target.value); setTrouble(null); }}
            onKeyDown={(event) => { if (event.key === "Enter") { event.preventDefault(); add(); } }}
            onBlur={() => typed.trim() && add()}
          />
          <Button size="big" onClick={add}>{t("chat.sites.do")}</Button>
        </div>
      </div>
    </Card>
  );
}
