import { useEditorState, type Editor } from "@tiptap/react";
import { t } from "../../i18n";

const WIDTHS = [120, 240, 480];

/** Of the picture that is chosen: what it says to whoever cannot see it, and how wide it is. */
export function PictureBar({ editor }: { editor: Editor }) {
  const chosen = useEditorState({ editor, selector: ({ editor: now }) => (now.isActive("picture") ? (now.getAttributes("picture") as { alt: string; width: string | number | null }) : null) });
  if (!chosen) return null;
  const change = (attributes: { alt?: string; width?: number | null }) => {
    const { from } = editor.state.selection;
    editor.chain().updateAttributes("picture", attributes).setNodeSelection(from).run(); // it stays chosen
  };
  return (
    <div className="picture-bar">
      <label className="grow">
        {t("picture.says")}
        <input className="input" dir="auto" maxLength={300} value={chosen.alt} onChange={(event) => change({ alt: event.target.value })} />
      </label>
      <label>
        {t("picture.width")}
        <select className="input" value={chosen.width ?? ""} onChange={(event) => change({ width: Number(event.target.value) || null })}>
          <option value="">{t("picture.full")}</option>
          {WIDTHS.map((width) => <option key={width} value={width}>{t("picture.pixels", { n: width })}</option>)}
        </select>
      </label>
    </div>
  );
}
