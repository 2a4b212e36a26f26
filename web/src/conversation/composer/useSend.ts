import { useQueryClient } from "@tanstack/react-query";
import { showToast } from "@rapport/ui";
import { useRef, useState } from "react";
import { useAgents, useMe } from "../../account/people";
import { shownKeys } from "../../app/keys";
import { memory } from "../../app/memory";
import { api } from "../../client/fetch";
import { isProblem, messageOf } from "../../client/problem";
import type { ConversationDetail, DraftKind, Message, NewMessage } from "../../client/nouns";
import { t } from "../../i18n";
import { until } from "../../i18n/dates";
import { givenName } from "../../i18n/names";
import { dropMessage, patchConversation, putMessage } from "../cache";
import { localDrafts, type DraftContent } from "../localDrafts";
import { conversationKeys } from "../queries";
import { holdSeconds } from "./holdSeconds";
import { mentioned } from "./mentions";
import { stopFor, type Stop } from "./stops";

/** Counts drafts that have come back by Undo, so that the composer opens anew with them. */
export const broughtBack = memory(0);

type SendOptions = { close?: boolean; force?: boolean; /** When it leaves; without it at once. */ at?: Date };
/** What happens in the composer: the words have left it, or have come back. */
type Composer = { onSent: () => void; onBack: (content: DraftContent) => void };

/**
 * Sends what is written. The same words keep their client id over every try, so they arrive once; other words are another message.
 * In a chat the composer is free at once for the next words, and messages go one after the other.
 */
export function useSend(conversation: ConversationDetail, kind: DraftKind, seen: number, { onSent, onBack }: Composer) {
  const client = useQueryClient();
  const { agent } = useMe();
  const agents = useAgents();
  const attempt = useRef<{ id: string; words: string }>(undefined);
  const [stop, setStop] = useState<{ why: Stop; close: boolean; at?: Date } | null>(null);
  const [busy, setBusy] = useState(false);
  const line = useRef(Promise.resolve());
  const { id } = conversation;
  const atOnce = conversation.channel === "chat" && kind === "reply";

  async function send(content: DraftContent, { close = false, force = false, at }: SendOptions = {}) {
    const why = force ? null : stopFor(kind, content);
    if (why) return setStop({ why, close, at });
    const words = JSON.stringify([content, at]);
    if (attempt.current?.words !== words) attempt.current = { id: crypto.randomUUID(), words };
    const body: NewMessage & { client_id: string } = {
      kind, text: content.text, ...(content.html && { html: content.html }), attachment_ids: content.files.map((file) => file.id), client_id: attempt.current.id, close,
      ...(kind === "note" && { mentions: mentioned(content.text, agents) }),
      ...(kind === "reply" && (atOnce ? { hold_seconds: 0 } : { to: content.to, cc: content.cc, bcc: content.bcc, ...(at ? { send_at: at.toISOString() } : { hold_seconds: holdSeconds.get() }) })),
      ...(!(force && stop?.why === "unseen") && { seen_position: seen }),
    };
    setStop(null);
    putMessage(client, id, soon(body, content, agent, seen));
    if (!atOnce) return post(body, content, close, at);
    attempt.current = undefined; // the same words again are another message
    onSent();
    line.current = line.current.then(() => post(body, content, close));
  }
  async function post(body: NewMessage & { client_id: string }, content: DraftContent, close: boolean, at?: Date) {
    setBusy(!atOnce);
    try {
      const message = await api.post<Message>(`/conversations/${id}/messages`, body);
      putMessage(client, id, message);
      if (!atOnce) {
        attempt.current = undefined;
        onSent();
      }
      if (close) patchConversation(client, id, { status: "closed" });
      sentToast(message, content, at);
    } catch (error) {
      dropMessage(client, id, body.client_id);
      if (atOnce) {
        attempt.current = { id: body.client_id, words: JSON.stringify([content, at]) };
        onBack(content);
      }
      if (isProblem(error, "unseen")) {
        setStop({ why: "unseen", close, at });
        await client.invalidateQueries({ queryKey: conversationKeys.messages(id) });
      } else {
        showToast({ text: t("composer.notSent"), sub: messageOf(error), action: atOnce ? undefined : { label: t("action.retry"), icon: "retry", run: () => void send(content, { close, force: true, at }) } });
      }
    } finally {
      setBusy(false);
    }
  }
  function sentToast(message: Message, content: DraftContent, at?: Date) {
    if (kind === "note" || atOnce) return;
    const name = givenName(content.to[0]?.name || content.to[0]?.address || conversation.contact.name);
    if (at) return void showToast({ text: t("composer.sentTo", { name }), sub: t("later.goes", { time: until(at.toISOString()) }), action: { label: t("action.undo"), icon: "undo", run: () => void bringBack(message, content) } });
    const held = message.delivery?.state === "held";
    showToast({
      text: t("composer.sentTo", { name }), seconds: held ? holdSeconds.get() - 1 : 4, sub: held ? (n) => t("composer.goesOut", { n }) : t("composer.onItsWay"),
      ...(held && { action: { label: t("action.undo"), icon: "undo", keys: shownKeys("Z"), run: () => void bringBack(message, content) } }),
    });
  }
  async function bringBack(message: Message, content: DraftContent) {
    try {
      await api.delete(`/conversations/${id}/messages/${message.id}/hold`);
    } catch (error) {
      return void showToast({ text: t("composer.tooLate"), sub: messageOf(error) });
    }
    putMessage(client, id, { ...message, delivery: { state: "cancelled", reason: "", until: null } });
    localDrafts.write(id, kind, content);
    patchConversation(client, id, { draft: true });
    broughtBack.set((n) => n + 1);
  }
  return { send, busy, stop, dismiss: () => setStop(null) };
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
