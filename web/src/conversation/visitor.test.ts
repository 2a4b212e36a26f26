import { expect, it } from "vitest";
import type { ConversationDetail, Visitor } from "../client/nouns";
import { rememberVisitor, withVisitor } from "./visitor";

const detail = (id: number, chat: Partial<Visitor> | null) => ({ id, chat }) as ConversationDetail;
const read = { online: true, typing: false, delivered_position: 3, seen_position: 1, page: "https://shop.example/" };
const frame = { online: true, typing: true, delivered_position: 2, seen_position: 2 };

it("believes what was heard while the answer was on its way, and otherwise the answer", () => {
  const before = performance.now();
  rememberVisitor(5, frame);
  expect(withVisitor(detail(5, read), before).chat).toEqual({ ...read, typing: true, seen_position: 2 });
  expect(withVisitor(detail(5, read), performance.now() + 1).chat).toEqual(read);
  expect(withVisitor(detail(6, read), before).chat).toEqual(read);
  expect(withVisitor(detail(5, null), before).chat).toBeNull();
});
