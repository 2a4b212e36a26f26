import { describe, expect, it } from "vitest";
import { isAllowed, readSite } from "./sites";

describe("readSite", () => {
  it.each([
    ["https://shop.example", "https://shop.example"],
    ["shop.example", "https://shop.example"],
    ["  HTTPS://Shop.Example/basket?x=1#top ", "https://shop.example"],
    ["https://shop.example:443", "https://shop.example"],
    ["http://shop.example:80/", "http://shop.example"],
    ["https://shop.example:8443", "https://shop.example:8443"],
    ["http://localhost:3000", "http://localhost:3000"],
    ["https://*.shop.example", "https://*.shop.example"],
    ["*.shop.example", "https://*.shop.example"],
    ["https://żwirek.example", "https://xn--wirek-hib.example"],
    ["http://127.0.0.1:8090", "http://127.0.0.1:8090"],
  ])("%j is %s", (typed, origin) => expect(readSite(typed)).toEqual({ origin }));
  it.each([
    ["", "empty"], ["   ", "empty"],
    ["ftp://shop.example", "scheme"], ["file:///c/page.html", "scheme"], ["javascript://x.example", "scheme"],
    ["shop", "host"], ["https://", "host"], ["https://sh op.example", "host"], ["https://shop..example", "host"], ["https://me@shop.example", "host"], ["https://shop.example:99999", "host"],
    ["*", "wild"], ["https://*.example", "wild"], ["https://shop.*", "wild"], ["https://a.*.example", "wild"], ["http://*.shop.example", "wild"], ["https://*shop.example", "wild"],
  ])("%j is refused: %s", (typed, trouble) => expect(readSite(typed)).toEqual({ trouble }));
  it("is refused when it is there already", () => expect(readSite("shop.example/", ["https://shop.example"])).toEqual({ trouble: "twice" }));
});

describe("isAllowed", () => {
  const allowed = ["https://shop.example", "https://*.miska.example"];
  it.each([
    ["https://shop.example", true], ["https://www.miska.example", true], ["https://a.b.miska.example", true],
    ["http://shop.example", false], ["https://shop.example:8443", false], ["https://miska.example", false], ["https://evilmiska.example", false], ["http://www.miska.example", false],
  ])("%s: %s", (origin, is) => expect(isAllowed(origin, allowed)).toBe(is));
});
