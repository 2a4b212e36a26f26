import { Icon } from "@rapport/ui";
import { lazy, Suspense, useRef, useState } from "react";
import type { Picture } from "../../client/nouns";
import { AttachButton } from "../../conversation/composer/AttachButton";
import type { EditorHandle } from "../../conversation/composer/Editor";
import { SHOWN_TYPES } from "../../conversation/composer/pictures";
import { htmlOf } from "../../conversation/composer/plainText";
import { useFiles } from "../../conversation/composer/useFiles";
import { t, withWords } from "../../i18n";
import type { Rich } from "../mail/template";

const Editor = lazy(() => withWords("desk", import("../../conversation/composer/Editor")));

/** The server takes no more of them in one text. */
const LARGEST = 1 << 20;

type RichFieldProps = { label: string; hint?: string; value: Rich; /** Without a place for pictures there are none. */ pictures?: Pictures; onChange: (written: Rich) => void };
/** Where the pictures of some texts are to be seen, those included that have just been put in. */
export type Pictures = { urlOf: (id: number) => string | undefined; learn: (picture: Picture) => void };

export function usePictureUrls(known: Picture[]): Pictures {
  const [urls] = useState(() => new Map<number, string>());
  for (const { id, url } of known) urls.set(id, url);
  return { urlOf: (id) => urls.get(id), learn: ({ id, url }) => void urls.set(id, url) };
}

/** A text with looks and pictures that leaves with many mails, such as a signature. */
export function RichField({ label, hint, value, pictures, onChange }: RichFieldProps) {
  const [first] = useState(value);
  const [refused, setRefused] = useState(false);
  const editor = useRef<EditorHandle>(null);
  const files = useFiles((file) => pictures?.learn(file));
  const trouble = refused ? t(pictures ? "rich.refused" : "rich.none") : files.sending.find((each) => each.wrong)?.wrong;
  return (
    <div className="field">
      <span className="label" aria-hidden="true">{label}</span>
      <section className="composer plain">
        <Suspense fallback={<div className="editor-box waiting-editor" />}>
          <Editor
            ref={editor} html={first.html || htmlOf(first.text)} label={label} placeholder="" language={undefined} onFiles={() => setRefused(true)} onChange={onChange}
            pictures={pictures && { urlOf: pictures.urlOf, largest: LARGEST, add: (chosen, place) => { setRefused(false); files.add(chosen, place); } }}
            tools={(format) => (
              <div className="tools">
                {format}
                {pictures && <AttachButton label={t("rich.picture")} accept={SHOWN_TYPES} onFiles={(chosen) => editor.current?.take(chosen)} />}
              </div>
            )}
          />
        </Suspense>
      </section>
      {trouble && <p className="wrong" role="alert"><Icon name="alertCircle" size={12} />{trouble}</p>}
      {hint && !trouble && <p className="hint">{hint}</p>}
    </div>
  );
}
