import { Dialog } from "@rapport/ui";
import { t } from "../../i18n";
import { useAllCommands, type Command, type CommandGroup } from "../commands";
import { shownKeys } from "../keys";
import { closeOverlay } from "./overlay";

const groups: CommandGroup[] = ["conversation", "list", "writing", "go", "general"];

/** Every key that does something on this screen, taken from the commands themselves. */
export default function KeySheet() {
  const commands = useAllCommands().filter((command) => command.keys);
  return (
    <Dialog wide title={t("frame.keys")} closeLabel={t("action.close")} onClose={closeOverlay}>
      <div className="key-sheet">
        {groups.map((group) => (
          <KeyGroup key={group} group={group} commands={commands.filter((command) => command.group === group)} />
        ))}
      </div>
    </Dialog>
  );
}

function KeyGroup({ group, commands }: { group: CommandGroup; commands: Command[] }) {
  if (commands.length === 0) return null;
  return (
    <section>
      <h3>{t(`command.group.${group}`)}</h3>
      <dl>
        {commands.map((command) => (
          <div key={command.id}>
            <dt>{command.label}</dt>
            <dd><kbd>{shownKeys(command.keys!)}</kbd></dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
