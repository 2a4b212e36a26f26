import { Skeleton } from "@rapport/ui";

/** Eight grey rows; the style sheet shows them only after 300 ms. */
export function ListSkeleton() {
  return (
    <div className="waiting" aria-hidden="true">
      {Array.from({ length: 8 }, (_, n) => (
        <div className="row" key={n}>
          <span className="avatar hue-0" />
          <span className="cell">
            <span className="line-1"><Skeleton width={`${30 + ((n * 13) % 25)}%`} /></span>
            <span className="line-2"><Skeleton width={`${55 + ((n * 17) % 35)}%`} /></span>
          </span>
        </div>
      ))}
    </div>
  );
}
