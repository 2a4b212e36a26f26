import { TextField } from "@rapport/ui";
import { useId } from "react";
import { t } from "../../i18n";
import { sameName, useCompanies } from "../queries";

/** Chooses a company by typing its name; a name nobody has yet becomes a new company on saving. */
export function CompanyField({ value, wrong, onChange }: { value: string; wrong: string | null; onChange: (value: string) => void }) {
  const id = useId();
  const { data: companies, isFetching } = useCompanies(value.trim());
  const isNew = value.trim() !== "" && !isFetching && companies?.some((company) => sameName(company.name, value)) === false;
  return (
    <>
      <TextField label={t("contact.company")} list={id} autoComplete="off" hint={isNew ? t("contact.company.new") : undefined} value={value} wrong={wrong} onChange={(event) => onChange(event.target.value)} />
      <datalist id={id}>{companies?.map((company) => <option key={company.id} value={company.name}>{company.domain}</option>)}</datalist>
    </>
  );
}
