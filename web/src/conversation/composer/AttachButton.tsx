import { IconButton } from "@rapport/ui";
import { useRef } from "react";
import { t } from "../../i18n";

type AttachButtonProps = { onFiles: (files: File[]) => void; label?: string; accept?: string };

export function AttachButton({ onFiles, label = t("composer.attach"), accept }: AttachButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon="attach" label={label} onClick={() => input.current?.click()} />
      <input
        ref={input} type="file" multiple hidden accept={accept} aria-label={label}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </>
  );
}
