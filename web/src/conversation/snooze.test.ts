import { expect, it } from "vitest";
import { snoozeChoices } from "./snooze";

it.each([
  ["a Saturday", new Date(2026, 10, 21, 10, 52), ["later", "tomorrow", "monday", "week"]],
  ["a Sunday, when Monday is tomorrow", new Date(2026, 10, 22, 10, 52), ["later", "tomorrow", "week"]],
  ["a Monday, when Monday is in a week", new Date(2026, 10, 23, 10, 52), ["later", "tomorrow", "week"]],
])("%s", (_, now, keys) => {
  const choices = snoozeChoices(now);
  expect(choices.map((choice) => choice.key)).toEqual(keys);
  for (const { key, at } of choices) {
    expect(at.getTime()).toBeGreaterThan(now.getTime());
    if (key !== "later") expect(at.getHours()).toBe(9);
    if (key === "monday") expect(at.getDay()).toBe(1);
  }
});
