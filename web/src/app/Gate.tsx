import { useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { PeopleProvider } from "../account/people";
import { meQuery } from "../account/queries";
import { Problem, Unreachable } from "../client/problem";
import { setLanguage } from "../i18n";
import { setTimeZone } from "../i18n/dates";
import { ErrorScreen } from "./ErrorScreen";
import { Frame } from "./frame/Frame";
import { theme } from "./theme";

/** Lets in who is signed in, and sets language, zone and theme from the profile; sends everybody else to the door. */
export function Gate() {
  const { data: me, error, fetchStatus } = useQuery(meQuery);
  useEffect(() => {
    if (!me) return;
    void setLanguage(me.agent.language);
    if (me.agent.theme) theme.set(me.agent.theme);
  }, [me]);

  if (error instanceof Problem && error.status === 401) return <ToTheDoor />;
  if (error) return <ErrorScreen error={error} />;
  if (!me && fetchStatus === "paused") return <ErrorScreen error={new Unreachable()} />;
  if (!me) return null;
  setTimeZone(me.agent.time_zone);
  return (
    <PeopleProvider me={me}>
      <Frame />
    </PeopleProvider>
  );
}

/** Goes once: while the door is being loaded the address is already the door's, and nobody wants to come back to that. */
function ToTheDoor() {
  const navigate = useNavigate();
  const { pathname, href } = useLocation();
  useEffect(() => void navigate({ to: "/sign-in", search: { next: pathname === "/" ? undefined : href }, replace: true }), []);
  return null;
}
