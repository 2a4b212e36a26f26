import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api } from "../../client/fetch";
import type { Acknowledgement, AcknowledgementPreview } from "../../client/nouns";

const keyOf = (inboxId: number) => ["settings", "acknowledgement", inboxId] as const;

/** What an inbox answers by itself. */
export function useAcknowledgement(inboxId: number) {
  return useQuery({ queryKey: keyOf(inboxId), queryFn: () => api.get<Acknowledgement>(`/inboxes/${inboxId}/acknowledgement`) });
}

export function useAcknowledgementChange(inboxId: number) {
  const client = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: (value: Acknowledgement) => api.put<Acknowledgement>(`/inboxes/${inboxId}/acknowledgement`, value),
    onSuccess: (saved) => client.setQueryData(keyOf(inboxId), saved),
  });
}

const PAUSE_MS = 250;

/** What a customer called name would get; asked when the writer pauses. */
export function usePreview(inboxId: number, language: string, text: string, name: string) {
  const [asked, setAsked] = useState({ language, text, name });
  useEffect(() => {
    const timer = window.setTimeout(() => setAsked({ language, text, name }), PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [language, text, name]);
  return useQuery({
    queryKey: [...keyOf(inboxId), asked], retry: false, placeholderData: keepPreviousData, meta: { quiet: true },
    queryFn: () => api.post<AcknowledgementPreview>(`/inboxes/${inboxId}/acknowledgement/preview`, asked),
  });
}
