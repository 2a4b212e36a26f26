import { Avatar, Button, IconButton } from "@rapport/ui";
import { lazy, Suspense, useState } from "react";
import { useAgents, useCan } from "../../account/people";
import { shownKeys } from "../../app/keys";
import type { ConversationDetail } from "../../client/nouns";
import { t, withWords } from "../../i18n";
import { languageOf } from "../../i18n/language";
import { givenName } from "../../i18n/names";
import { usePresence } from "../presence";
import { useChange } from "../useChange";
import type { PickerState } from "../useConversationCommands";
import { MoreMenu } from "./MoreMenu";
import { VisitorNow } from "./VisitorNow";
import { AssigneePicker, PriorityPicker, SnoozePicker, StatusPicker, TagsPicker, TeamPicker } from "./pickers";

const FollowButton = lazy(() => withWords("desk", import("../../many/FollowButton")));

type HeadProps = { conversation: ConversationDetail; picker: PickerState; showsContact: boolean; onBack: () => void; onContact: () => void };

/** Subject and actions; below it what is true of the conversation, each a place to change it. */
export function ConversationHead({ conversation, picker, showsContact, onBack, onContact }: HeadProps) {
  const change = useChange();
  const mayChange = useCan("conversation.status");
  const closed = conversation.status === "closed";
  const each = { conversation, picker };
  return (
    <header className="head">
      <div className="head-1">
        <IconButton className="only-single" icon="left" iconSize={20} label={t("command.back")} keys="U" onClick={onBack} />
        <Subject conversation={conversation} />
        <Suspense fallback={<span className="icon-button" />}><FollowButton id={conversation.id} /></Suspense>
        {mayChange && <SnoozePicker {...each} />}
        {mayChange && <MoreMenu conversation={conversation} />}
        <IconButton icon="sidebar" label={t("command.contact")} keys="]" aria-expanded={showsContact} onClick={onContact} />
        {mayChange && (
          <Button
            size="compact" className="roomy" icon={closed ? "undo" : "check"} keys={shownKeys("E")}
            onClick={() => change(conversation.id, { field: "status", status: closed ? "open" : "closed" })}
          >
            {closed ? t("action.reopen") : t("action.closeConversation")}
          </Button>
        )}
      </div>
      <div className="head-2" inert={!mayChange}>
        {conversation.chat && <VisitorNow visitor={conversation.chat} />}
        <StatusPicker {...each} />
        <AssigneePicker {...each} />
        <TeamPicker {...each} />
        <PriorityPicker {...each} />
        <TagsPicker {...each} />
        <Viewers id={conversation.id} />
      </div>
    </header>
  );
}

/** The subject is edited where it stands. */
function Subject({ conversation }: { conversation: ConversationDetail }) {
  const [editing, setEditing] = useState(false);
  const change = useChange();
  const mayChange = useCan("conversation.subject");
  const { id, subject } = conversation;
  function done(next: string) {
    setEditing(false);
    if (next.trim() && next.trim() !== subject) change(id, { field: "subject", subject: next.trim() });
  }
  if (editing) {
    return (
      <input
        className="input subject-input" defaultValue={subject} autoFocus dir="auto" aria-label={t("conversation.subject")} maxLength={500}
        onBlur={(event) => done(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.nativeEvent.isComposing) done(event.currentTarget.value);
          if (event.key === "Escape") setEditing(false);
        }}
      />
    );
  }
  return (
    <h2 className="cut" dir="auto" lang={languageOf(subject)}>
      <button type="button" title={t("conversation.editSubject")} disabled={!mayChange} onClick={() => setEditing(true)}>{subject || (conversation.channel === "chat" ? conversation.contact.name || t("contact.visitor") : t("conversation.noSubject"))}</button>
    </h2>
  );
}

function Viewers({ id }: { id: number }) {
  const others = usePresence(id).filter((other) => other.state === "viewing" || other.state === "noting");
  const agents = useAgents();
  const first = agents.find((agent) => agent.id === others[0]?.id);
  if (!first) return null;
  return (
    <span className="viewers roomy">
      <Avatar name={first.name} seed={first.id} photo={first.photo_url} size={20} presence="viewing" />
      {others.length === 1 ? t(others[0]!.state === "noting" ? "presence.noting" : "presence.viewing", { name: givenName(first.name) }) : t("presence.viewingMany", { n: others.length })}
    </span>
  );
}
