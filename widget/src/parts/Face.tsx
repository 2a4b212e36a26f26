import { useState } from "preact/hooks";
import type { Face as Of } from "../contract";
import { Icon } from "./icons";

/** People are round, machines are square. */
export function Face({ of, bot, large }: { of: Of | null; bot?: boolean; large?: boolean }) {
  const [broken, setBroken] = useState("");
  const size = `av${large ? " av-l" : ""}`;
  if (bot) return <span class={`${size} bot`} aria-hidden="true"><Icon name="bot" small={!large} /></span>;
  const name = of?.name ?? "";
  const photo = of?.photo_url;
  if (photo && photo !== broken) return <img class={size} src={photo} alt="" onError={() => setBroken(photo)} />;
  return <span class={size} aria-hidden="true" style={{ "--h": hue(name) }}>{[...name.trim()][0] ?? <Icon name="person" small />}</span>;
}

export function Faces({ team }: { team: readonly Of[] | undefined }) {
  if (!team?.length) return null;
  return <span class="av-stack" role="img" aria-label={team.map(({ name }) => name).join(", ")}>{team.map((each) => <Face of={each} key={each.name} />)}</span>;
}

/** A colour that stays with a name. */
function hue(name: string): string {
  let sum = 7;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)!) % 360;
  return `${sum}`;
}
