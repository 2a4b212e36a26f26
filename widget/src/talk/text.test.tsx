import { render } from "preact";
import { describe, expect, it } from "vitest";
import { Html } from "./Html";
import { Text, safe } from "./text";

function drawn(what: preact.ComponentChildren): HTMLElement {
  const box = document.createElement("div");
  render(what, box);
  return box;
}

describe("text", () => {
  it("never becomes a tag", () => {
    const box = drawn(<Text text={'<img src=x onerror=alert(1)><b>no</b>'} />);
    expect(box.children).toHaveLength(0);
    expect(box.textContent).toBe('<img src=x onerror=alert(1)><b>no</b>');
  });
  it.each([
    ["See https://miska.example/box?a=1#b.", "https://miska.example/box?a=1#b"],
    ["(https://miska.example/wiki_(dog))", "https://miska.example/wiki_(dog)"],
    ["www.miska.example, please", "www.miska.example"],
    ["주소는 https://miska.example/상자 입니다", "https://miska.example/상자"],
  ])("%s", (text, shown) => {
    const link = drawn(<Text text={text} />).querySelector("a")!;
    expect(link.textContent).toBe(shown);
    expect([link.rel, link.target]).toEqual(["noopener nofollow", "_blank"]);
    expect(drawn(<Text text={text} />).textContent).toBe(text);
  });
  it.each([
    ["اتصل على +971 50 555 0134.", "+971 50 555 0134"], ["في 2026-11-22 14:00", "2026-11-22"], ["بين 14:00 و16:00", undefined],
  ])("keeps the groups of a number in order: %s", (text, number) => {
    const box = drawn(<Text text={text} />);
    expect(box.querySelector("bdi[dir=ltr]")?.textContent).toBe(number);
    expect(box.textContent).toBe(text);
  });
  it.each(["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "//elsewhere", "no address"])("opens nothing at %s", (href) => {
    expect(safe(href)).toBeNull();
  });
});

describe("html of the server", () => {
  it("keeps form and links", () => {
    const box = drawn(<Html html={'<p>Hi <b>Ewa</b></p><ul><li>one</li></ul><a href="https://miska.example">box</a>'} />);
    expect(box.querySelector("b")?.textContent).toBe("Ewa");
    expect(box.querySelector("a")?.rel).toBe("noopener nofollow");
  });
  it.each([
    '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<p style="position:fixed" onclick="alert(1)">x</p>', '<a href="javascript:alert(1)">x</a>',
    '<iframe srcdoc="<b>x</b>"></iframe>', '<svg><a href="javascript:alert(1)">x</a></svg>', '<style>*{display:none}</style>', '<form action="https://x.example"><input></form>',
    '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>', '<button id=x name=y class=z>b</button>',
  ])("leaves the rest away: %s", (html) => {
    const box = drawn(<Html html={html} />);
    for (const each of box.querySelectorAll("*")) {
      expect(["P", "A", "TABLE", "TBODY", "TR", "TD"]).toContain(each.tagName);
      expect([...each.attributes].map(({ name }) => name).filter((name) => !["href", "rel", "target"].includes(name))).toEqual([]);
    }
    expect(box.innerHTML).not.toMatch(/javascript:|onerror|onclick/);
  });
});
