import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { PeopleProvider } from "../account/people";
import { meQuery } from "../account/queries";
import type { Me } from "../client/nouns";
import { Problem } from "../client/problem";
import { setLanguage } from "../i18n";
import { setTimeZone } from "../i18n/dates";
import { ErrorScreen } from "./ErrorScreen";
import { Frame } from "./frame/Frame";
import { forgetKept } from "./kept";
import { theme } from "./theme";

/** Lets in who is signed in, and sets language, zone and theme from the profile; sends everybody else to the door. */
export function Gate() {
  const { data: me, error } = useQuery(meQuery);
  useEffect(() => {
    if (!me) return;
    void setLanguage(me.agent.language);
    if (me.agent.theme) theme.set(me.agent.theme);
  }, [me]);

  useOwnOnly(me);
  if (error instanceof Problem && error.status === 401) return <ToTheDoor />;
  if (error && !me) return <ErrorScreen error={error} />;
  if (!me) return null;
  setTimeZone(me.agent.time_zone);
  return (
    <PeopleProvider me={me}>
      <Frame />
    </PeopleProvider>
  );
}

/** What was kept for one person is not for another who has signed in here since. */
function useOwnOnly(me: Me | undefined) {
  const whose = me && `${me.workspace.id}:${me.agent.id}`;
  const before = useRef(whose);
  useEffect(() => {
    if (before.current && whose && before.current !== whose) void forgetKept().then(() => window.location.reload());
    before.current = whose;
  }, [whose]);
}

/** Goes once: while the door is being loaded the address is already the door's, and nobody wants to come back to that. */
function ToTheDoor() {
  const navigate = useNavigate();
  const { pathname, href } = useLocation();
  const client = useQueryClient();
  useEffect(() => {
    void navigate({ to: "/sign-in", search: { next: pathname === "/" ? undefined : href }, replace: true });
    void forgetKept();
    client.removeQueries({ predicate: ({ queryKey: [room, what] }) => room !== "account" || what !== "me" });
  }, []);
  return null;
}
