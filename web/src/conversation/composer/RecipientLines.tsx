import { Avatar, Button, Icon, IconButton } from "@rapport/ui";
import { useState, type KeyboardEvent } from "react";
import type { Address, ConversationDetail, Message } from "../../client/nouns";
import { t } from "../../i18n";
import type { DraftContent } from "../localDrafts";
import { isNewHere, isUnverified, readAddresses, same, unique } from "./recipients";

type Line = "to" | "cc" | "bcc";
type LinesProps = { value: Pick<DraftContent, Line>; conversation?: ConversationDetail; messages?: Message[]; onChange: (change: Partial<DraftContent>) => void };

/** To, Cc and Bcc, always in sight as chips; empty copies are one press away. */
export function RecipientLines({ value, conversation, messages = [], onChange }: LinesProps) {
  const [shown, setShown] = useState<Line[]>([]);
  const lines: Line[] = ["to", ...(["cc", "bcc"] as const).filter((line) => value[line].length > 0 || shown.includes(line))];
  const hidden = (["cc", "bcc"] as const).filter((line) => !lines.includes(line));
  return (
    <div className="recipients">
      {lines.map((line) => (
        <RecipientLine
          key={line} line={line} people={value[line]} autoFocus={shown.includes(line)} idOf={(address) => idOf(address, conversation)} doubt={(address) => doubtOf(address, messages, conversation)}
          onChange={(people) => onChange({ [line]: people })}
        />
      ))}
      {hidden.map((line) => <Button key={line} look="bare" size="compact" className="add-line" onClick={() => setShown([...shown, line])}>{t(`composer.${line}`)}</Button>)}
    </div>
  );
}

type LineProps = { line: Line; people: Address[]; autoFocus: boolean; idOf: (address: string) => number | undefined; doubt: (address: string) => Doubt; onChange: (people: Address[]) => void };

function RecipientLine({ line, people, autoFocus, idOf, doubt, onChange }: LineProps) {
  const [typed, setTyped] = useState("");
  function take(text: string) {
    const { found, rest } = readAddresses(text);
    if (found.length > 0) onChange(unique([...people, ...found]));
    setTyped(rest);
  }
  function keyed(event: KeyboardEvent<HTMLInputElement>) {
    if (event.nativeEvent.isComposing) return;
    if ((event.key === "Enter" || event.key === "," || event.key === ";" || event.key === " ") && typed.trim()) {
      event.preventDefault();
      take(typed);
    }
    if (event.key === "Backspace" && typed === "" && people.length > 0) onChange(people.slice(0, -1));
  }
  return (
    <span className="recipient-line" role="group" aria-label={t(`composer.${line}`)}>
      <span className="quiet">{t(`composer.${line}`)}</span>
      {people.map((person) => (
        <Recipient key={person.address} person={person} id={idOf(person.address)} doubt={doubt(person.address)} onRemove={() => onChange(people.filter((each) => each !== person))} />
      ))}
      <input
        data-first={line === "to" || undefined} className="recipient-input" type="text" size={1} inputMode="email" autoComplete="off" aria-label={t("composer.add", { line: t(`composer.${line}`) })}
        value={typed} autoFocus={autoFocus} onChange={(event) => setTyped(event.target.value)} onKeyDown={keyed} onBlur={() => take(typed)}
        onPaste={(event) => { event.preventDefault(); take(typed + event.clipboardData.getData("text")); }}
      />
    </span>
  );
}

/** Whose address it is, so that somebody has the same colour here as beside what they write. */
function idOf(address: string, conversation?: ConversationDetail): number | undefined {
  if (!conversation) return undefined;
  if (same(address, conversation.contact.address)) return conversation.contact_id;
  return conversation.participants.find((each) => each.kind === "contact" && same(each.address, address))?.id ?? undefined;
}

type Doubt = "new" | "unverified" | undefined;

/** Why to look twice before an answer goes there. */
function doubtOf(address: string, messages: Message[], conversation?: ConversationDetail): Doubt {
  if (!conversation) return undefined;
  if (isUnverified(address, conversation, messages)) return "unverified";
  return isNewHere(address, conversation, messages) ? "new" : undefined;
}

const doubts = { new: ["composer.new", "composer.newRecipient"], unverified: ["composer.unverified", "composer.unverifiedRecipient"] } as const;

function Recipient({ person, id, doubt, onRemove }: { person: Address; id: number | undefined; doubt: Doubt; onRemove: () => void }) {
  return (
    <span className={doubt ? `recipient ${doubt}` : "recipient"} title={doubt ? t(doubts[doubt][1]) : person.address}>
      {doubt ? <Icon name={doubt === "unverified" ? "alert" : "alertCircle"} size={12} /> : <Avatar name={person.name || person.address} seed={id ?? person.address} size={18} />}
      <span className="cut" dir="auto">{person.name || person.address}</span>
      {doubt && <span className="doubt">· {t(doubts[doubt][0])}</span>}
      <IconButton small icon="x" iconSize={12} label={t("composer.remove", { name: person.name || person.address })} onClick={onRemove} />
    </span>
  );
}
