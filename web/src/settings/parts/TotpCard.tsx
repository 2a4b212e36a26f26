import { Banner, Button, Card, Chip, CodeLine, Dialog, TextField } from "@rapport/ui";
import { useState, type ReactNode } from "react";
import { encode } from "uqr";
import { useMe } from "../../account/people";
import { account, accountKeys, useAccountChange } from "../../account/queries";
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
      {open === "off" && <CodeDialog title={t("totp.off")} send={account.endTotp} onDone={() => setOpen(null)} onClose={() => setOpen(null)} />}
    </Card>
  );
}

function OnDialog({ onClose }: { onClose: () => void }) {
  const begin = useAccountChange(account.beginTotp, []);
  const [codes, setCodes] = useState<string[] | null>(null);
  if (codes) {
    return (
      <Dialog title={t("totp.recovery")} closeLabel={t("action.close")} onClose={onClose} foot={<Button look="primary" onClick={onClose}>{t("action.done")}</Button>}>
        <Banner tone="warning">{t("totp.recovery.why")}</Banner>
        <CodeLine text={codes.join("\n")} copyLabel={t("action.copy")} copiedLabel={t("action.copied")} />
      </Dialog>
    );
  }
  if (begin.data) {
    return (
      <CodeDialog title={t("totp.on")} send={async (code) => setCodes((await account.confirmTotp(code)).recovery_codes)} onDone={() => {}} onClose={onClose}>
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

type CodeDialogProps = { title: string; send: (code: string) => Promise<unknown>; onDone: () => void; onClose: () => void; children?: ReactNode };

function CodeDialog({ title, send, onDone, onClose, children }: CodeDialogProps) {
  const [code, setCode] = useState("");
  const confirm = useAccountChange(send, [accountKeys.me], true);
  return (
    <Dialog
      enterSends title={title} closeLabel={t("action.close")} onClose={onClose}
      foot={<Button look="primary" busy={confirm.isPending} disabled={code.length < 6} onClick={() => confirm.mutate(code, { onSuccess: onDone })}>{t("action.confirm")}</Button>}
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
