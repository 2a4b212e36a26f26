import { Button, Card } from "@rapport/ui";
import type { Inbox, RoundTrip } from "../../../client/nouns";
import { messageOf } from "../../../client/problem";
import { t } from "../../../i18n";
import { clock } from "../../../i18n/dates";
import { secondsOf, stepsOf, useReadyToTest, useRoundTrip, useStartRoundTrip } from "../roundTrip";

/** A mail that the inbox sends to itself: what leaves here, does it arrive? */
export function RoundTripCard({ inbox }: { inbox: Inbox }) {
  const { data: trip } = useRoundTrip(inbox.id);
  const start = useStartRoundTrip(inbox.id);
  const ready = useReadyToTest(inbox);
  if (!inbox.email?.smtp) return null;
  const underway = trip?.state === "sending" || trip?.state === "waiting";
  const tried = trip && trip.state !== "none";
  return (
    <Card title={t("trip.title")} end={<Button size="compact" icon="send" busy={start.isPending || (underway && !trip.message)} disabled={!ready} onClick={() => start.mutate()}>{tried ? t("trip.again") : t("trip.do")}</Button>}>
      {tried && <Steps trip={trip} inbox={inbox} />}
      <div className="card-note" role="status">
        {start.error && <p className="bad">{messageOf(start.error)}</p>}
        {trip?.state === "arrived" && <b>{t("trip.arrived.after", { n: secondsOf(trip) })}</b>}
        {trip?.message && <b className={trip.state === "failed" ? "bad" : undefined}>{trip.message}</b>}
        {trip?.hint && <p>{trip.hint}</p>}
        {!tried && <p>{ready ? t("trip.why") : t("trip.notYet")}</p>}
      </div>
    </Card>
  );
}

function Steps({ trip, inbox }: { trip: RoundTrip; inbox: Inbox }) {
  const [written, taken, arrived] = stepsOf(trip);
  const folder = inbox.email?.imap?.folder || "INBOX";
  return (
    <ol className="trip">
      <li data-step={written}><i className="bullet" />{t("trip.written")}{trip.started_at && <time>{clock(trip.started_at)}</time>}</li>
      <li data-step={taken}><i className="bullet" />{t(taken === "broken" ? "trip.refused" : "trip.taken", { host: inbox.email?.smtp?.host ?? "" })}{trip.sent_at && <time>{clock(trip.sent_at)}</time>}</li>
      <li data-step={arrived}>
        <i className="bullet" />
        {arrived !== "now" ? t("trip.arrived") : inbox.email?.imap ? t("trip.waiting", { folder }) : t("trip.waiting.door")}
        {trip.arrived_at ? <time>{clock(trip.arrived_at)}</time> : arrived === "now" && <span className="quiet small">{t("trip.upTo")}</span>}
      </li>
    </ol>
  );
}
