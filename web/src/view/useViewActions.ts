import { showToast } from "@rapport/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useCan } from "../account/people";
import { shownKeys } from "../app/keys";
import { api } from "../client/fetch";
import { messageOf } from "../client/problem";
import type { View } from "../client/nouns";
import { conversationKeys } from "../conversation/queries";
import { t } from "../i18n";

/** Everybody changes their own views; shared ones are changed by who manages the workspace. */
export function useMayChange(): (view: View) => boolean {
  const mayShare = useCan("view.manage");
  return (view) => view.group === "personal" || (view.group === "shared" && mayShare);
}

/** A list with one of its members at another place. */
export function moved<T>(list: T[], from: number, to: number): T[] {
  const rest = list.toSpliced(from, 1);
  return rest.toSpliced(to, 0, list[from]!);
}

/** Moving and deleting, shown at once. What the server refuses is taken back and said. */
export function useViewActions() {
  const client = useQueryClient();
  const readAgain = () => client.invalidateQueries({ queryKey: conversationKeys.views });

  async function order(group: View[], from: number, to: number) {
    if (to < 0 || to >= group.length || from === to) return;
    const next = moved(group, from, to);
    client.setQueryData<View[]>(conversationKeys.views, (all) => {
      const queue = [...next];
      return all?.map((view) => (group.some((each) => each.key === view.key) ? queue.shift()! : view));
    });
    try {
      await api.put("/views/order", { ids: next.map((view) => view.saved!.id) });
    } catch (error) {
      showToast({ text: t("error.takenBack"), sub: messageOf(error) });
    }
    void readAgain();
  }

  async function remove(view: View) {
    const { id, conditions, sort, columns } = view.saved!;
    client.setQueryData<View[]>(conversationKeys.views, (all) => all?.filter((each) => each.key !== view.key));
    try {
      await api.delete(`/views/${id}`);
      const back = async () => {
        try {
          await api.post("/views", { name: view.name, shared: view.group === "shared", key: view.key.replace("saved:", ""), conditions, sort, columns });
        } catch (error) {
          showToast({ text: messageOf(error) });
        }
        void readAgain();
      };
      showToast({ text: t("saved.deleted", { name: view.name }), sub: t("saved.deleted.safe"), action: { label: t("action.undo"), icon: "undo", keys: shownKeys("Z"), run: () => void back() } });
    } catch (error) {
      showToast({ text: t("error.takenBack"), sub: messageOf(error) });
    }
    void readAgain();
  }
  return { order, remove };
}
