import { useState, type ReactNode } from "react";
import { IconButton } from "./Button";
import { Icon } from "./Icon";
import type { IconName } from "./icons";

type BannerTone = "plain" | "warning" | "danger" | "success" | "info";

/** Something the whole screen should know. Bold is the finding, the rest says what is safe and what to do. */
export function Banner({ tone = "plain", icon = "alert", children, action }: { tone?: BannerTone; icon?: IconName; children: ReactNode; action?: ReactNode }) {
  return (
    <div className={`banner ${tone}`} role={tone === "danger" ? "alert" : "status"}>
      <Icon name={icon} size={20} />
      <div className="grow">{children}</div>
      {action}
    </div>
  );
}

/** What it is, why it is empty, one next step. */
export function Empty({ icon, title, why, action }: { icon: IconName; title: string; why?: string; action?: ReactNode }) {
  return (
    <div className="empty">
      <Icon name={icon} size={20} />
      <h3>{title}</h3>
      {why && <p>{why}</p>}
      {action}
    </div>
  );
}

export function Card({ title, end, children }: { title?: ReactNode; end?: ReactNode; children: ReactNode }) {
  return (
    <section className="card">
      {(title || end) && (
        <header className="card-head">
          <h3>{title}</h3>
          <span className="grow" />
          {end}
        </header>
      )}
      {children}
    </section>
  );
}

/** A line to copy: an address, a key, a command. */
export function CodeLine({ text, copyLabel, copiedLabel }: { text: string; copyLabel: string; copiedLabel: string }) {
  const [copied, setCopied] = useState(false);
  async function copy() {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    window.setTimeout(() => setCopied(false), 2000);
  }
  return (
    <div className="code-line">
      <code>{text}</code>
      <IconButton small icon={copied ? "check" : "copy"} label={copied ? copiedLabel : copyLabel} onClick={copy} />
    </div>
  );
}
