import { Icon } from "@rapport/ui";
import { useState } from "react";
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
            <span className="thumb"><Thumb file={file} /></span>
            <span className="cut" dir="auto">{file.name || file.content_type}</span>
            <span className="quiet nowrap">{bytes(file.size)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** The picture itself, unless it is none or has been lost: then the link says why. */
function Thumb({ file }: { file: Attachment }) {
  const [lost, setLost] = useState(false);
  if (lost || !file.content_type.startsWith("image/")) return <Icon name="form" />;
  return <img src={file.url} alt="" loading="lazy" onError={() => setLost(true)} />;
}
