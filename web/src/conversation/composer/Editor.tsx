import "./composer.css";
import { Placeholder } from "@tiptap/extensions";
import { EditorContent, useEditor, useEditorState, type Editor as TipTap } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import { IconButton, Picker, type IconName } from "@rapport/ui";
import { lazy, Suspense, useEffect, useImperativeHandle, useRef, useState, type ReactNode, type Ref } from "react";
import { shownKeys, takeHeldKeys } from "../../app/keys";
import type { Attachment } from "../../client/nouns";
import { t } from "../../i18n";
import type { Desk } from "./menu/Menus";
import { PictureBar } from "./PictureBar";
import { Picture } from "./PictureNode";
import { forEditor, fromEditor, standsInText } from "./pictures";
import { hasLooks, plainText } from "./plainText";
import { VariableMarks } from "./VariableMarks";

const Menus = lazy(() => import("./menu/Menus"));

/** take puts files where the cursor is, as if they had been pasted; put writes words there, as if they had been typed; insert puts a text there with its looks, its variables filled. */
export type EditorHandle = { focus: () => void; take: (files: File[]) => void; put: (words: string) => void; insert: (words: Written) => void };
export type Written = { text: string; html: string };

type EditorProps = {
  html: string; label: string; placeholder: string; language: string | undefined; autoFocus?: boolean; onChange: (written: Written) => void; onFiles: (files: File[]) => void;
  /** The row of tools below the text, with the formatting buttons first. */
  tools: (format: ReactNode) => ReactNode;
  /** What is offered after / and @, and what variables stand for; without it a sign is a sign. */
  desk?: Desk; ref?: Ref<EditorHandle>;
  /** Pictures that may stand in the text; without it they are files as any other. */
  pictures?: Pictures;
};

/** Uploads pictures, hands each over once it is there, and tells where those in the text are to be seen. */
export type Pictures = { add: (files: File[], place: (file: Attachment) => void) => void; urlOf: (id: number) => string | undefined; largest?: number };

/** Where one writes. It and its library are read only when a conversation is open. */
export default function Editor({ html, label, placeholder, language, autoFocus, onChange, onFiles, tools, desk, pictures, ref }: EditorProps) {
  const latest = useRef({ onChange, onFiles, pictures, placeholder, desk });
  latest.current = { onChange, onFiles, pictures, placeholder, desk };
  const taken = (files: FileList | File[] | undefined) => {
    if (!files?.length) return false;
    const shown = latest.current.pictures ? [...files].filter((file) => standsInText(file, latest.current.pictures!.largest)) : [];
    const others = [...files].filter((file) => !shown.includes(file));
    if (shown.length > 0) latest.current.pictures!.add(shown, place);
    if (others.length > 0) latest.current.onFiles(others);
    return true;
  };
  const place = ({ id, name }: Attachment) => editor?.chain().insertContent([{ type: "picture", attrs: { id, alt: `image: ${name}` } }, { type: "text", text: " " }]).run();
  const editor: TipTap | null = useEditor({
    injectCSS: false,
    shouldRerenderOnTransaction: false,
    autofocus: autoFocus ? "end" : false,
    content: forEditor(html),
    extensions: [Picture.configure({ urlOf: (id) => latest.current.pictures?.urlOf(id) }), StarterKit.configure({ heading: false, horizontalRule: false, link: { openOnClick: false, defaultProtocol: "https" } }), Placeholder.configure({ placeholder: () => latest.current.placeholder }), VariableMarks.configure({ values: () => latest.current.desk?.values, says: (open) => t(open ? "variable.open" : "variable.filled") })],
    editorProps: {
      attributes: { class: "editor", role: "textbox", "aria-multiline": "true", "aria-label": label, dir: "auto", spellcheck: "true", ...(language && { lang: language }) },
      handlePaste: (_view, event) => taken(event.clipboardData?.files),
      handleDrop: (view, event) => {
        const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
        if (event.dataTransfer?.files.length && at) editor?.commands.setTextSelection(at.pos);
        return taken(event.dataTransfer?.files);
      },
    },
    onFocus: ({ editor: now }) => {
      const typed = takeHeldKeys();
      if (typed) now.commands.insertContent(typed);
    },
    onUpdate: ({ editor: now }) => {
      const doc = now.getJSON();
      latest.current.onChange({ text: plainText(doc), html: hasLooks(doc) ? fromEditor(now.getHTML()) : "" });
    },
  });
  useEffect(() => editor?.view.dispatch(editor.state.tr), [placeholder]); // it may name somebody else by now
  useImperativeHandle(ref, () => ({ focus: () => void editor?.commands.focus("end"), take: taken, put: (words) => putWords(editor, words), insert: (words) => void insertText(editor, words, latest.current.desk) }), [editor]);
  return (
    <>
      <EditorContent editor={editor} className="editor-box" />
      {editor && desk && <Suspense><Menus editor={editor} desk={desk} /></Suspense>}
      {editor && pictures && <PictureBar editor={editor} />}
      {tools(editor && <><FormatButtons editor={editor} />{desk && <SignButtons editor={editor} />}</>)}
    </>
  );
}

/** Writes words at the caret, parted from what stands before. */
function putWords(editor: TipTap | null, words: string) {
  if (!editor) return;
  const { $from } = editor.state.selection;
  const before = $from.parent.textBetween(0, $from.parentOffset, "\n", "\n");
  editor.chain().focus().insertContent(before === "" || /\s$/.test(before) ? words : ` ${words}`).run();
}

async function insertText(editor: TipTap | null, words: Written, desk: Desk | undefined) {
  const { putText } = await import("./menu/put");
  if (editor && !editor.isDestroyed) putText(editor, words, desk?.values ?? {}, editor.state.selection);
}

/** For whoever does not know the keys: each writes its sign, which opens the menu. */
function SignButtons({ editor }: { editor: TipTap }) {
  const button = (icon: IconName, label: string, sign: string, keys: string) => (
    <IconButton icon={icon} label={label} keys={keys} onMouseDown={(event) => event.preventDefault()} onClick={() => putWords(editor, sign)} />
  );
  return <>{button("slash", t("slash.button"), "/", "/")}{button("emoji", t("emoji.button"), "::", ":")}</>;
}

function FormatButtons({ editor }: { editor: TipTap }) {
  const on = useEditorState({
    editor,
    selector: ({ editor: now }) => ({ bold: now.isActive("bold"), italic: now.isActive("italic"), list: now.isActive("bulletList"), link: now.isActive("link") }),
  });
  const button = (icon: IconName, label: string, pressed: boolean, run: () => void, keys?: string) => (
    <IconButton icon={icon} label={label} keys={keys && shownKeys(keys)} aria-pressed={pressed} className={icon === "bold" ? undefined : "roomy"} onMouseDown={(event) => event.preventDefault()} onClick={run} />
  );
  return (
    <>
      {button("bold", t("format.bold"), on.bold, () => editor.chain().focus().toggleBold().run(), "⌘B")}
      {button("italic", t("format.italic"), on.italic, () => editor.chain().focus().toggleItalic().run(), "⌘I")}
      <LinkButton editor={editor} on={on.link} />
      {button("list", t("format.list"), on.list, () => editor.chain().focus().toggleBulletList().run())}
      <span className="rule roomy" />
    </>
  );
}

/** Makes the selected words a link, or writes the address itself when nothing is selected. */
function LinkButton({ editor, on }: { editor: TipTap; on: boolean }) {
  const [open, setOpen] = useState(false);
  function link(typed: string) {
    const href = /^[a-z]+:/i.test(typed) ? typed : `https://${typed}`;
    if (editor.state.selection.empty) editor.chain().focus().insertContent({ type: "text", text: typed, marks: [{ type: "link", attrs: { href } }] }).run();
    else editor.chain().focus().setLink({ href }).run();
  }
  return (
    <Picker
      label={t("format.link")} placeholder={t("format.link.address")} nothing={t("format.link.address")} choices={[]} open={open && !on} onOpen={setOpen} onPick={link}
      create={(typed) => ({ value: typed, label: typed })}
      trigger={<IconButton icon="link" label={t("format.link")} className="roomy" aria-pressed={on} onClick={() => on && editor.chain().focus().unsetLink().run()} />}
    />
  );
}
