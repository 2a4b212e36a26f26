import { describe, expect, it } from "vitest";
import { cacheOf, outdated, roadOf, type Shell } from "./shell";

const shell: Shell = { version: "2", page: "", files: ["/", "/theme.js", "/assets/start-Bx81kQ2z.js"], later: ["/assets/inter-greek-DlzME5K_.woff2"] };
const here = "https://desk.example";

describe("a request", () => {
  it.each([
    ["GET", "navigate", "/", "fresh /"],
    ["GET", "navigate", "/c/12?view=mine", "fresh /"],
    ["GET", "navigate", "/settings/inboxes/4", "fresh /"],
    ["GET", "navigate", "/helpers", "fresh /"],
    ["GET", "cors", "/assets/start-Bx81kQ2z.js", "kept"],
    ["GET", "cors", "/assets/start-00000000.js", "kept"],
    ["GET", "cors", "/assets/inter-greek-DlzME5K_.woff2", "kept"],
    ["GET", "no-cors", "/theme.js", "fresh /theme.js"],
    ["GET", "no-cors", "/sw.js", "network"],
    ["GET", "cors", "/manifest.webmanifest?name=Miska", "network"],
    ["GET", "cors", "/api/v1/conversations?view=mine", "network"],
    ["GET", "navigate", "/api/v1/files/12?signature=x", "network"],
    ["GET", "cors", "/api/v1/live?after=x", "network"],
    ["PUT", "cors", "/api/v1/conversations/4/status", "network"],
    ["POST", "navigate", "/forms/K7QM", "network"],
    ["GET", "navigate", "/forms/K7QM", "network"],
    ["GET", "navigate", "/help/en/start", "network"],
    ["GET", "navigate", "/widget/v1/sites/k", "network"],
    ["GET", "no-cors", "/widget.js", "network"],
    ["GET", "no-cors", "/widget/panel-Bx81kQ2z.js", "network"],
    ["GET", "navigate", "/preview.html", "network"],
    ["GET", "navigate", "/unsubscribe/proof", "network"],
    ["GET", "navigate", "/demo/shop", "network"],
    ["GET", "navigate", "/docs", "network"],
    ["GET", "no-cors", "https://pictures.example/assets/start-Bx81kQ2z.js", "network"],
  ])("%s %s %s is answered by %s", (method, mode, path, want) => {
    const road = roadOf({ method, mode, url: new URL(path, here).href }, here, shell);
    expect("key" in road ? `${road.by} ${road.key}` : road.by).toBe(want);
  });
});

it("keeps the version on screen and the one before, and nothing that is not its own", () => {
  expect(outdated(["rapport-0", "rapport-1", "other", cacheOf(shell)], cacheOf(shell), "rapport-1")).toEqual(["rapport-0"]);
  expect(outdated(["rapport-1", cacheOf(shell)], cacheOf(shell), null)).toEqual(["rapport-1"]);
});
