export type SnippetKind = "html" | "react" | "vue" | "wordpress" | "tagManager";
export const snippetKinds: SnippetKind[] = ["html", "react", "vue", "wordpress", "tagManager"];

const tag = (house: string, site: string) => `<script async src="${house}/widget.js" data-site="${site}"></script>`;

const append = (house: string, site: string, indent: string) =>
  [`const script = document.createElement("script");`, `script.src = "${house}/widget.js";`, "script.async = true;", `script.dataset.site = "${site}";`, "document.head.append(script);"].join(`\n${indent}`);

/** What to paste where, for each way a site is made. */
export function snippetOf(kind: SnippetKind, house: string, site: string): string {
  switch (kind) {
    case "react":
      return `useEffect(() => {\n  if (window.Rapport) return;\n  ${append(house, site, "  ")}\n}, []);`;
    case "vue":
      return `onMounted(() => {\n  if (window.Rapport) return;\n  ${append(house, site, "  ")}\n});`;
    case "wordpress":
      return `add_action('wp_footer', function () {\n  echo '${tag(house, site)}';\n});`;
    case "tagManager":
      return `<script>\n  ${append(house, site, "  ")}\n</script>`;
    default:
      return tag(house, site);
  }
}

/** A token for one signed-in customer, made on the company's own server. */
export const identityExample = (site: string) => `import jwt from "jsonwebtoken";

const identity = jwt.sign(
  {
    sub: String(customer.id),
    email: customer.email,
    name: customer.name,
  },
  process.env.RAPPORT_IDENTITY_SECRET,
  { algorithm: "HS256", audience: "${site}", expiresIn: "1h" },
);`;

export const identityUse = `Rapport.identify(identity);`;
