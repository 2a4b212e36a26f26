import { icons, type IconName } from "./icons";

/** A stroke drawing. It is decoration: the control around it carries the name. */
export function Icon({ name, size = 16 }: { name: IconName; size?: 12 | 16 | 20 }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      {icons[name]}
    </svg>
  );
}
