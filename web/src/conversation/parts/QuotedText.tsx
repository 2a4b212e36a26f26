import { passagesOf } from "../quote";
import { WrittenText } from "./WrittenText";

const DEEPEST = 6;

/** Plain text with what it repeats from earlier mails behind a line, each level behind one more. */
export function QuotedText({ text, language, depth = 0 }: { text: string; language: string | undefined; depth?: number }) {
  if (depth === DEEPEST) return <WrittenText text={text} language={language} />;
  return passagesOf(text).map((passage, n) =>
    passage.quoted ? <blockquote key={n} className="quoted"><QuotedText text={passage.text} language={language} depth={depth + 1} /></blockquote> : <div key={n} className="passage"><WrittenText text={passage.text} language={language} /></div>,
  );
}
