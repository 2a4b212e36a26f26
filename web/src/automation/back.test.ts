import { describe, expect, it } from "vitest";
import type { Conversation } from "../client/nouns";
import type { Before } from "../conversation/composer/menu/texts";
import { waysBack } from "./back";

const before: Before = { assignee_id: null, team_id: 2, tags: ["a"], status: "open", priority: "normal", snoozed_until: null };
const to = (patch: Partial<Conversation>, from: Partial<Before> = {}) => waysBack({ ...before, ...from }, { ...before, ...from, ...patch } as Conversation).map(({ field, ...set }) => `${field} ${JSON.stringify(Object.values(set)[0])}`);

describe("waysBack", () => {
  it.each<[string, Partial<Conversation>, Partial<Before>, string[]]>([
    ["nothing was changed", {}, {}, []],
    ["all was", { assignee_id: 5, team_id: null, tags: ["a", "b"], priority: "high", status: "closed" }, {}, ["assignee null", "team 2", 'tags ["a"]', 'priority "normal"', 'status "open"']],
    ["tags in another order are the same", { tags: ["b", "a"] }, { tags: ["a", "b"] }, []],
    ["it was put away, and opened", { snoozed_until: "2026-11-23T08:00:00Z" }, { status: "closed" }, ["snooze null", 'status "closed"']],
    ["it was awoken", { snoozed_until: null, status: "closed" }, { snoozed_until: "2026-11-23T08:00:00Z" }, ["snooze null", 'status "open"', 'snooze "2026-11-23T08:00:00Z"']],
    ["the same time, written otherwise", { snoozed_until: "2026-11-23T09:00:00+01:00" }, { snoozed_until: "2026-11-23T08:00:00Z" }, []],
  ])("%s", (_, patch, from, ways) => expect(to(patch, from)).toEqual(ways));
});
