import { Button, IconButton } from "@rapport/ui";
import { t } from "../../i18n";
import type { ContactAddress } from "../../client/nouns";

type Kind = ContactAddress["kind"];
type AddressFieldsProps = { kind: Kind; addresses: ContactAddress[]; onChange: (addresses: ContactAddress[]) => void };

/** All addresses of one kind, a line each, with a line more on demand. */
export function AddressFields({ kind, addresses, onChange }: AddressFieldsProps) {
  const label = t(`contact.addresses.${kind}`);
  const own = addresses.filter((each) => each.kind === kind);
  const put = (old: ContactAddress, address: string) => onChange(addresses.map((each) => (each === old ? { kind, address } : each)));
  return (
    <fieldset className="address-lines">
      <legend>{label}</legend>
      {own.map((each, n) => (
        <div key={n} className="address-line">
          <input
            className="input" dir="ltr" type={kind === "email" ? "email" : "tel"} autoComplete="off" aria-label={`${label} ${n + 1}`} value={each.address} autoFocus={each.address === ""}
            onChange={(event) => put(each, event.target.value)}
          />
          <IconButton icon="x" label={t("contact.addresses.remove", { address: each.address || label })} onClick={() => onChange(addresses.filter((other) => other !== each))} />
        </div>
      ))}
      <Button look="bare" size="compact" icon="plus" onClick={() => onChange([...addresses, { kind, address: "" }])}>{t(`contact.addresses.add.${kind}`)}</Button>
    </fieldset>
  );
}
