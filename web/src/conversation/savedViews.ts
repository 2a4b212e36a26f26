import { api } from "../client/fetch";
import type { Conversation, Page, SavedView, View } from "../client/nouns";

export type Column = SavedView["columns"][number];
export type Sort = SavedView["sort"];

/** What a row shows where nobody has decided. */
export const usualColumns: Column[] = ["tags", "assignee"];

/** Saved views in the order in which the keys 1 to 9 open them. */
export const savedOf = (views: View[]) => views.filter((view) => view.saved !== null);

export const isSaved = (view: string) => view.startsWith("saved:");

/** Whether a conversation is of a saved view now. Only the server knows all that conditions ask for, and its clock. */
export async function isInSaved(view: string, number: number): Promise<boolean> {
  return (await api.get<Page<Conversation>>("/conversations", { view, number, limit: 1 })).items.length > 0;
}
