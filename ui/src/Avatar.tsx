import { Icon } from "./Icon";
import type { IconName } from "./icons";
import { hueOf, initialsOf } from "./person";

type AvatarProps = {
  name: string;
  /** What the colour is taken from; stable over renames. */
  seed?: number | string | null;
  photo?: string | null;
  size?: 16 | 18 | 20 | 28 | 32 | 40 | 64;
  channel?: IconName;
  presence?: "viewing" | "replying";
};

/** A person as a circle. It is decoration beside a name, its letters are no text; alone, give the parent a label. */
export function Avatar({ name, seed, photo, size = 32, channel, presence }: AvatarProps) {
  const classes = ["avatar", `size-${size}`, `hue-${hueOf(seed ?? name)}`, presence].filter(Boolean).join(" ");
  return (
    <span className={classes} aria-hidden="true" data-initials={photo ? undefined : initialsOf(name)}>
      {photo && <img src={photo} alt="" />}
      {channel && (
        <span className="channel">
          <Icon name={channel} size={12} />
        </span>
      )}
    </span>
  );
}
