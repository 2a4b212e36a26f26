import { expect, it } from "vitest";
import { viewIcon } from "./viewNames";

it.each([
  ["mine", "inbox"], ["spam", "ban"], ["team:4", "people"], ["inbox:1", "mail"], ["inbox:2", "chat"], ["inbox:3", "form"], ["inbox:9", "mail"],
])("%s has the drawing %s", (key, icon) => {
  expect(viewIcon(key, [{ id: 1, channel: "email" }, { id: 2, channel: "chat" }, { id: 3, channel: "form" }])).toBe(icon);
});
