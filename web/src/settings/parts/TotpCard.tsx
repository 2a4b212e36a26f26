import { Button, Card, Chip, CodeLine, Dialog, TextField } from "@rapport/ui";
import { useState } from "react";
import { encode } from "uqr";
import { account, accountKeys, useAccountChange, useMe } from "../../account/queries";
import { messageOf } from "../../client/problem";
import { t } from "../../i18n";

/** The second step by an authenticator app. */
export function TotpCard() {
  const { agent } = useMe();
  const [open, setOpen] = useState<"on" | "off" | null>(null);
  return (
    <Card title={t("totp.title")} end={agent.totp && <Chip tone="success" icon="check">{t("totp.isOn")}</Chip>}>
      <div className="card-body">
        <p className="quiet">{t("totp.why")}</p>
        <div>{agent.totp ? <Button onClick={() => setOpen("off")}>{t("totp.off")}</Button> : <Button onClick={() => setOpen("on")}>{t("totp.on")}</Button>}</div>
      </div>
      {open === "on" && <OnDialog onClose={() => setOpen(null)} />}
      {open === "off" && <CodeDialog title={t("totp.off")} send={account.endTotp} onClose={() => setOpen(null)} />}
    </Card>
  );
}

function OnDialog({ onClose }: { onClose: () => void }) {
  const begin = useAccountChange(account.beginTotp, []);
  if (begin.data) {
    return (
      <CodeDialog title={t("totp.on")} send={account.confirmTotp} onClose={onClose}>
        <p>{t("totp.scan")}</p>
        <QrCode text={begin.data.uri} />
        <CodeLine text={begin.data.secret} copyLabel={t("action.copy")} copiedLabel={t("action.copied")} />
      </CodeDialog>
    );
  }
  return (
    <Dialog title={t("totp.on")} closeLabel={t("action.close")} onClose={onClose} foot={<Button look="primary" busy={begin.isPending} onClick={() => begin.mutate(undefined)}>{t("totp.begin")}</Button>}>
      <p>{t("totp.prepare")}</p>
    </Dialog>
  );
}

function CodeDialog({ title, send, onClose, children }: { title: string; send: (code: string) => Promise<unknown>; onClose: () => void; children?: React.ReactNode }) {
  const [code, setCode] = useState("");
  const confirm = useAccountChange(send, [accountKeys.me], true);
  return (
    <Dialog
      title={title} closeLabel={t("action.close")} onClose={onClose}
      foot={<Button look="primary" busy={confirm.isPending} disabled={code.length < 6} onClick={() => confirm.mutate(code, { onSuccess: onClose })}>{t("action.confirm")}</Button>}
    >
      {children}
      <TextField label={t("account.codeField")} inputMode="numeric" autoComplete="one-time-code" value={code} wrong={confirm.error && messageOf(confirm.error)} onChange={(event) => setCode(event.target.value.replace(/\s/g, ""))} />
    </Dialog>
  );
}

/** A QR code as one path. Always black on white: cameras expect it so. */
function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { border: 2 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t("totp.scan")} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="white" />
      <path d={path} fill="black" />
    </svg>
  );
}
