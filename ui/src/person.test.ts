import { describe, expect, it } from "vitest";
import { hueOf, initialsOf } from "./person";

describe("initialsOf", () => {
  it.each([
    ["Ewa Marsh", "EM"],
    ["Hanna Zielińska", "HZ"],
    ["박지우", "지우"],
    ["이현", "이현"],
    ["Grażyna Wójtowicz-Lewandowska", "GW"],
    ["ewa@harbour.example", "EE"],
    ["łukasz", "Ł"],
    ["", "?"],
    ["Dr. Sowa", "DS"],
  ])("%s is %s", (name, initials) => expect(initialsOf(name)).toBe(initials));
});

describe("hueOf", () => {
  it("is stable and spreads", () => {
    expect(hueOf(42)).toBe(hueOf("42"));
    const hues = new Set(Array.from({ length: 100 }, (_, n) => hueOf(n)));
    expect(hues.size).toBe(8);
  });
});
