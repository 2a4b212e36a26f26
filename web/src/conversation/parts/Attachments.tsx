import { Icon } from "@rapport/ui";
import type { Attachment } from "../../client/nouns";
import { bytes } from "../../i18n/dates";

/** Files as small tiles; pictures show themselves. */
export function Attachments({ attachments }: { attachments: Attachment[] }) {
  if (attachments.length === 0) return null;
  return (
    <ul className="files">
      {attachments.map((file) => (
        <li key={file.id}>
          <a className="file" href={file.url} target="_blank" rel="noopener" title={file.name}>
            <span className="thumb">{file.content_type.startsWith("image/") ? <img src={file.url} alt="" loading="lazy" /> : <Icon name="form" />}</span>
            <span className="cut" dir="auto">{file.name || file.content_type}</span>
            <span className="quiet nowrap">{bytes(file.size)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
