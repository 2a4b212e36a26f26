import type { ConversationDetail, Message } from "../client/nouns";
import { t, type MessageKey } from "../i18n";

/** How far a sender can be believed. Nothing is worth no mark. */
export type Trust = "verified" | "unverified" | "stranger" | "failed" | "nothing";

type Sent = Pick<Message, "kind" | "verified" | "verified_by" | "flags" | "author">;

export function trustOf(message: Sent, { participants }: Pick<ConversationDetail, "participants">): Trust {
  if (message.kind !== "inbound") return "nothing";
  if (message.verified === "fail") return "failed";
  const stranger = participants.some((each) => each.role === "unverified" && each.address === message.author.address);
  if (stranger || message.flags.includes("unverified_sender")) return message.verified === "typed" ? "unverified" : "stranger";
  if (message.verified === "pass") return "verified";
  return message.verified === "typed" || message.verified_by.check ? "unverified" : "nothing";
}

const reasons: Record<string, MessageKey> = {
  "pass dkim": "trust.dkim", "pass spf": "trust.spf",
  "fail dmarc": "trust.fail.dmarc", "fail spf": "trust.fail.spf", "fail senders": "trust.fail.senders",
  "none nothing": "trust.nothing", "none dmarc": "trust.watched", "unchecked no_signature": "trust.noSignature", "unchecked no_address": "trust.noAddress", "unchecked silence": "trust.silence",
};

/** The reason in words: which check, which domain. */
export function reasonOf({ verified, verified_by: { check, domain } }: Pick<Message, "verified" | "verified_by">): string {
  if (verified === "typed") return t("trust.typed");
  const key = reasons[`${verified} ${check}`];
  return key ? t(key, { domain }) : t("message.unverified.why");
}
