import { IconButton } from "@rapport/ui";
import { useRef } from "react";
import { t } from "../../i18n";

export function AttachButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon="attach" label={t("composer.attach")} onClick={() => input.current?.click()} />
      <input
        ref={input} type="file" multiple hidden aria-label={t("composer.attach")}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </>
  );
}
