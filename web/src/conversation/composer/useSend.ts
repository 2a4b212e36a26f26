import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { showToast } from "@rapport/ui";
import { useRef, useState } from "react";
import { useAgents, useMe, useTeams } from "../../account/people";
import { shownKeys } from "../../app/keys";
import { api } from "../../client/fetch";
import { isProblem, messageOf } from "../../client/problem";
import { enqueue, newId } from "../../client/queue";
import type { ConversationDetail, DraftKind, Message, NewMessage } from "../../client/nouns";
import { t } from "../../i18n";
import { until } from "../../i18n/dates";
import { givenName } from "../../i18n/names";
import type { Values } from "../../settings/mail/template";
import { dropMessage, patchConversation, putMessage } from "../cache";
import { broughtBack, cameBack, localDrafts, type DraftContent } from "../localDrafts";
import type { About } from "../pending";
import { conversationKeys, flatMessages, type MessagesData } from "../queries";
import { tellChange } from "../useChange";
import { beforeSend } from "./beforeSend";
import type { Finding } from "./check/findings";
import { holdSeconds } from "./holdSeconds";
import { mentioned } from "./menu/mentions";
import { stopFor, type Stop } from "./stops";
import { openIn } from "./variables";

/** What happens with the message and its conversation: when it leaves, without it at once; whether the conversation is closed or sleeps afterwards. */
export type Way = { close?: boolean; at?: Date; snooze?: Date };
/** A question before sending. For the unseen: up to where the writer had seen, so that what came since can be shown. */
export type Stopped = { why: Stop; way: Way; names: string[]; since: number; findings?: Finding[] };
/** What happens in the composer: the words have left it, or have come back. */
type Composer = { values: Values; onSent: () => void; onBack: (content: DraftContent) => void };

/**
 * Sends what is written. The same words keep their client id over every try, so they arrive once; other words are another message.
 * In a chat the composer is free at once for the next words, and messages go one after the other.
 */
export function useSend(conversation: ConversationDetail, kind: DraftKind, seen: number, { values, onSent, onBack }: Composer) {
  const client = useQueryClient();
  const { agent } = useMe();
  const agents = useAgents();
  const teams = useTeams();
  const attempt = useRef<{ id: string; words: string }>(undefined);
  const back = `${conversation.id}.${kind}`;
  const [stop, setStop] = useState<Stopped | null>(() => (back in cameBack.get() ? { why: "unseen", way: {}, names: [], since: cameBack.get()[back]! } : null));
  const answered = useRef(new Set<Stop>());
  const [busy, setBusy] = useState(false);
  const line = useRef(Promise.resolve());
  const { id } = conversation;
  const atOnce = conversation.channel === "chat" && kind === "reply";

  async function send(content: DraftContent, way: Way = {}) {
    const { close = false, at } = way;
    const why = stopFor(kind, content, values, answered.current);
    if (why) {
      if (why === "attachment") answered.current.add(why); // asked once
      return setStop({ why, way, names: why === "variables" ? openIn(`${content.text} ${content.html}`, values) : [], since: seen });
    }
    const findings = kind === "reply" && beforeSend.get() && !answered.current.has("check") ? await lookedAt(content.text, flatMessages(client.getQueryData<MessagesData>(conversationKeys.messages(id)))) : [];
    if (findings.length > 0) return setStop({ why: "check", way, names: [], since: seen, findings });
    const words = JSON.stringify([content, at]);
    if (attempt.current?.words !== words) attempt.current = { id: newId(), words };
    const body: NewMessage & { client_id: string } = {
      kind, text: content.text, ...(content.html && { html: content.html }), attachment_ids: content.files.map((file) => file.id), client_id: attempt.current.id, close,
      ...(kind === "note" && { mentions: mentioned(content.text, agents, teams) }),
      ...(kind === "reply" && (atOnce ? { hold_seconds: 0 } : { to: content.to, cc: content.cc, bcc: content.bcc, ...(at ? { send_at: at.toISOString() } : { hold_seconds: holdSeconds.get() }) })),
      seen_position: answered.current.has("unseen") ? newestOf(client, id) : seen,
    };
    forgetStop();
    const shown = soon(body, content, agent, seen);
    putMessage(client, id, shown);
    if (!atOnce) return post(body, shown, content, way);
    attempt.current = undefined; // the same words again are another message
    onSent();
    line.current = line.current.then(() => post(body, shown, content, way));
  }
  function forgetStop() {
    setStop(null);
    cameBack.set(({ [back]: _, ...others }) => others);
  }
  /** Sends in spite of the question that stands. */
  function anyway(content: DraftContent) {
    if (!stop) return;
    answered.current.add(stop.why);
    void send(content, stop.way);
  }
  async function post(body: NewMessage & { client_id: string }, shown: Message, content: DraftContent, way: Way) {
    const { close, at, snooze } = way;
    setBusy(!atOnce);
    try {
      const about: About = { type: "message", message: shown, kind, content, close: Boolean(close) };
      const outcome = await enqueue({ id: body.client_id, lane: id, method: "POST", path: `/conversations/${id}/messages`, body, about });
      if (outcome.state === "refused") throw outcome.error;
      const message = outcome.state === "done" ? (outcome.answer as Message | null) : null; // else it waits for the server, or another tab has sent it
      if (message) putMessage(client, id, message);
      answered.current.clear();
      if (!atOnce) {
        attempt.current = undefined;
        onSent();
      }
      if (close) patchConversation(client, id, { status: "closed" });
      if (snooze) putToSleep(snooze);
      if (message) sentToast(message, content, way);
    } catch (error) {
      dropMessage(client, id, body.client_id);
      if (atOnce) {
        attempt.current = { id: body.client_id, words: JSON.stringify([content, at]) };
        onBack(content);
      }
      if (isProblem(error, "unseen")) {
        answered.current.delete("unseen"); // something newer still
        await client.invalidateQueries({ queryKey: conversationKeys.messages(id) });
        setStop({ why: "unseen", way, names: [], since: body.seen_position ?? seen });
      } else {
        showToast({ text: t("composer.notSent"), sub: messageOf(error), action: atOnce ? undefined : { label: t("action.retry"), icon: "retry", run: () => void send(content, way) } });
      }
    } finally {
      setBusy(false);
    }
  }
  const putToSleep = (at: Date | null) => tellChange(client, id, { field: "snooze", snoozed_until: at?.toISOString() ?? null });
  function sentToast(message: Message, content: DraftContent, way: Way) {
    const { at, snooze } = way;
    if (kind === "note" || atOnce) {
      if (snooze) showToast({ text: t("done.snoozed", { time: until(snooze.toISOString()) }), action: { label: t("action.undo"), icon: "undo", keys: shownKeys("Z"), run: () => putToSleep(null) } });
      return;
    }
    const name = givenName(content.to[0]?.name || content.to[0]?.address || conversation.contact.name);
    if (at) return void showToast({ text: t("composer.sentTo", { name }), sub: t("later.goes", { time: until(at.toISOString()) }), action: { label: t("action.undo"), icon: "undo", run: () => void bringBack(message, content, way) } });
    const held = message.delivery?.state === "held";
    showToast({
      text: t("composer.sentTo", { name }), seconds: held ? holdSeconds.get() - 1 : 4, sub: held ? (n) => t("composer.goesOut", { n }) : t("composer.onItsWay"),
      ...(held && { action: { label: t("action.undo"), icon: "undo", keys: shownKeys("Z"), run: () => void bringBack(message, content, way) } }),
    });
  }
  async function bringBack(message: Message, content: DraftContent, way: Way) {
    try {
      await api.delete(`/conversations/${id}/messages/${message.id}/hold`);
    } catch (error) {
      return void showToast({ text: t("composer.tooLate"), sub: messageOf(error) });
    }
    putMessage(client, id, { ...message, delivery: { state: "cancelled", reason: "", until: null } });
    if (way.snooze) putToSleep(null); // that it was closed is taken back by the server
    localDrafts.write(id, kind, content);
    patchConversation(client, id, { draft: true });
    broughtBack.set((n) => n + 1);
  }
  return { send, anyway, busy, stop, dismiss: forgetStop };
}

/** What may be worth another look. The lists are read only by those who want this; without them an answer goes out as it is. */
async function lookedAt(text: string, messages: Message[]): Promise<Finding[]> {
  const theirs = messages.findLast((message) => message.kind === "inbound");
  const first = !messages.some((message) => message.kind === "reply" && message.id > 0);
  const check = await import("./check/findings").catch(() => null);
  return check ? check.findingsIn(text, check.tongueOf(text, theirs?.reply_text || theirs?.text || ""), first) : [];
}

/** Up to where the screen shows what has been said. */
function newestOf(client: QueryClient, id: number): number {
  return flatMessages(client.getQueryData<MessagesData>(conversationKeys.messages(id))).findLast((message) => message.id > 0)?.position ?? 0;
}

/** The message as it will stand, shown before the server has answered. */
function soon(body: NewMessage & { client_id: string }, content: DraftContent, agent: { id: number; name: string; email: string; photo_url: string | null }, seen: number): Message {
  return {
    id: -Date.now(), position: seen + 0.5, kind: body.kind, class: "human", author: { kind: "agent", id: agent.id, name: agent.name, address: agent.email, photo_url: agent.photo_url },
    ...(body.to ? { to: content.to, cc: content.cc, bcc: content.bcc } : { to: [], cc: [], bcc: [] }), text: body.text, html: null, reply_text: body.text, has_quote: false, attachments: content.files,
    created_at: new Date().toISOString(), sent_at: null, masked: null, delivery: body.kind === "reply" ? { state: "queued", reason: "", until: null } : null, client_id: body.client_id,
    flags: [], verified: "", verified_by: { check: "", domain: "" }, language: "", mentions: body.mentions ?? [],
  };
}
