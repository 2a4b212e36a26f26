import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../client/fetch";
import type { Macro, Snippet, Step } from "../conversation/composer/menu/texts";

export type SnippetDraft = Pick<Snippet, "name" | "folder" | "language" | "text" | "html" | "shared" | "approved">;
export type MacroDraft = Pick<Macro, "name" | "folder" | "shared"> & { actions: Step[] };

export const automation = {
  saveSnippet: ({ id, draft }: { id: number | null; draft: SnippetDraft }) => (id === null ? api.post<Snippet>("/snippets", draft) : api.put<Snippet>(`/snippets/${id}`, draft)),
  removeSnippet: (id: number) => api.delete(`/snippets/${id}`),
  saveMacro: ({ id, draft }: { id: number | null; draft: MacroDraft }) => (id === null ? api.post<Macro>("/macros", draft) : api.put<Macro>(`/macros/${id}`, draft)),
  removeMacro: (id: number) => api.delete(`/macros/${id}`),
};

export const snippetDraft = ({ name, folder, language, text, html, shared, approved }: SnippetDraft): SnippetDraft => ({ name, folder, language, text, html, shared, approved });
export const macroDraft = ({ name, folder, shared, actions }: MacroDraft): MacroDraft => ({ name, folder, shared, actions });

/** A change of snippets or macros; afterwards both lists are asked again. */
export function useAutomationChange<V, R>(change: (variables: V) => Promise<R>, quiet = false) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, meta: { quiet }, onSuccess: () => client.invalidateQueries({ queryKey: ["automation"] }) });
}
