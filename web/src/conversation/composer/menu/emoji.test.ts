import { describe, expect, it } from "vitest";
import { emoji, emojiFor, nameOf, toned } from "./emoji";

describe("emojiFor", () => {
  it.each([["thu", "👍"], ["엄지", "👍"], ["kciuk", "👍"], ["감사", "🙏"], ["dzie", "🙏"], ["paczka", "📦"], ["TADA", "🎉"]])("%s finds %s", (typed, sign) => expect(emojiFor(typed, []).map((each) => each.sign)).toContain(sign));
  it("offers those used lately first", () => {
    expect(emojiFor("", ["📦", "🎉"]).slice(0, 2).map((each) => each.sign)).toEqual(["📦", "🎉"]);
    expect(emojiFor("heart", ["💙"])[0]!.sign).toBe("💙");
  });
  it("finds nothing for what is no name", () => expect(emojiFor("qqq", [])).toEqual([]));
});

describe("the list", () => {
  it("names each once, in three languages", () => {
    expect(new Set(emoji.map((each) => each.sign)).size).toBe(emoji.length);
    for (const each of emoji) expect(each.names.split("|").filter(Boolean), each.sign).toHaveLength(3);
  });
  it("says the name in the language of the person", () => expect(["en", "ko", "pl"].map((language) => nameOf(emoji.find((each) => each.sign === "📦")!, language))).toEqual(["package parcel box", "소포 상자 택배", "paczka przesyłka"]));
  it("gives hands the tone, and nothing else", () => {
    const [hand, box] = ["👍", "📦"].map((sign) => emoji.find((each) => each.sign === sign)!);
    expect([toned(hand!, 3), toned(hand!, 0), toned(box!, 3)]).toEqual(["👍🏽", "👍", "📦"]);
  });
});
