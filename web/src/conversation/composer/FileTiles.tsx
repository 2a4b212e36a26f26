import { Icon, IconButton, Progress } from "@rapport/ui";
import type { Attachment } from "../../client/nouns";
import { t } from "../../i18n";
import { bytes } from "../../i18n/dates";
import type { Sending } from "./useFiles";

/** Files that will go with the message, and those still on their way up. */
export function FileTiles({ files, sending, onRemove }: { files: Attachment[]; sending: Sending[]; onRemove: (id: number) => void }) {
  if (files.length + sending.length === 0) return null;
  return (
    <ul className="files in-composer">
      {files.map((file) => (
        <li key={file.id} className="file">
          <span className="thumb">{file.content_type.startsWith("image/") ? <img src={file.url} alt="" /> : <Icon name="form" />}</span>
          <span className="cut" dir="auto">{file.name}</span>
          <span className="quiet nowrap">{bytes(file.size)}</span>
          <IconButton small icon="x" iconSize={12} label={t("composer.removeFile", { name: file.name })} onClick={() => onRemove(file.id)} />
        </li>
      ))}
      {sending.map((each) => (
        <li key={each.key} className={each.wrong ? "file bad" : "file"}>
          <span className="cut" dir="auto">{each.name}</span>
          {each.wrong ? <span className="cut">{each.wrong}</span> : <span className="file-progress"><Progress value={each.part} label={each.name} /></span>}
          {each.wrong && <IconButton small icon="retry" iconSize={12} label={t("action.retry")} onClick={each.again} />}
          <IconButton small icon="x" iconSize={12} label={t("composer.removeFile", { name: each.name })} onClick={each.stop} />
        </li>
      ))}
    </ul>
  );
}
