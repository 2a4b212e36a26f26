import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Empty } from "@rapport/ui";
import { lazy, Suspense, useEffect, useRef } from "react";
import { useMe } from "../account/people";
import { messageOf, Problem } from "../client/problem";
import { t, withWords } from "../i18n";
import { ListBar } from "./parts/ListBar";
import { ListSkeleton } from "./parts/ListSkeleton";
import { VirtualRows } from "./parts/VirtualRows";
import { conversationKeys, listQuery, useList, type ListFilter, useViews } from "./queries";
import { stopWaiting } from "./live";
import { useListCommands } from "./useListCommands";
import { isSaved, usualColumns } from "./savedViews";
import { useSelection } from "./useSelection";
import { viewName } from "./viewNames";

const BulkBar = lazy(() => withWords("desk", import("../many/BulkBar")));

type ListProps = { filter: ListFilter; openId: number | null; onOpen: (id: number | null) => void; onWrite: (() => void) | null };

/** One view as a list. What comes in meanwhile waits behind "3 new"; rows never move under the hand. */
export function ConversationList({ filter, openId, onOpen, onWrite }: ListProps) {
  const list = useList(filter);
  const client = useQueryClient();
  const scroller = useRef<HTMLDivElement>(null);
  const myId = useMe().agent.id;
  const view = useViews().find((each) => each.key === filter.view);
  const tired = useFurther(list);
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const cursor = useListCommands(rows, openId, onOpen);
  const { chosen, pick } = useSelection(rows, cursor.at, JSON.stringify(filter));
  const name = filter.q ? t("list.results", { q: filter.q }) : view ? viewName(view) : "";

  async function readAgain() {
    stopWaiting(filter);
    scroller.current?.scrollTo({ top: 0 });
    client.setQueryData(conversationKeys.list(filter), (old: typeof list.data) => old && { pages: old.pages.slice(0, 1), pageParams: old.pageParams.slice(0, 1) });
    await client.refetchQueries(listQuery(filter));
  }
  return (
    <section className="pane-list" aria-label={t("list.name")}>
      <ListBar filter={filter} name={name} count={filter.q ? undefined : view} onNew={readAgain} onWrite={onWrite} />
      {list.isError && isSaved(filter.view) && list.error instanceof Problem && list.error.status === 404 ? (
        <Empty icon="filter" title={t("list.viewGone")} why={t("list.viewGone.why")} action={<Link to="/" className="button">{t("view.mine")}</Link>} />
      ) : list.isError && !list.data ? (
        <Empty icon="alertCircle" title={t("list.failed")} why={messageOf(list.error)} action={<button type="button" className="button" onClick={() => list.refetch()}>{t("action.retry")}</button>} />
      ) : list.isPending ? (
        <ListSkeleton />
      ) : rows.length === 0 ? (
        list.hasNextPage ? (tired ? <Further onFurther={() => void list.fetchNextPage()} /> : <ListSkeleton />) : <EmptyList filter={filter} />
      ) : (
        <VirtualRows
          scroller={scroller} rows={rows} chosen={chosen} onPick={pick} label={name} openId={openId} cursor={cursor.at} onCursor={cursor.move} view={filter.view} columns={view?.saved?.columns ?? usualColumns} myId={myId} onOpen={onOpen}
          onEnd={() => list.hasNextPage && !list.isFetchingNextPage && !tired && void list.fetchNextPage()}
        />
      )}
      {rows.length > 0 && tired && <Further onFurther={() => void list.fetchNextPage()} />}
      {chosen.size > 0 && (
        <Suspense>
          <BulkBar filter={filter} shown={rows.map((row) => row.id)} total={!filter.q && view && !view.more ? view.count : null} more={list.hasNextPage} />
        </Suspense>
      )}
    </section>
  );
}

const PATIENCE = 10;

/**
 * A page that was looked for without an index may be short, even empty, and have a next one. Empty ones are followed by
 * themselves, but not for ever: then a person says whether to look further.
 */
function useFurther({ data, hasNextPage, isFetchingNextPage, fetchNextPage }: ReturnType<typeof useList>): boolean {
  const pages = data?.pages ?? [];
  const vain = pages.length - 1 - pages.findLastIndex((page) => page.items.length > 0);
  const tired = hasNextPage && !isFetchingNextPage && vain > 0 && vain % PATIENCE === 0;
  const isAllVain = hasNextPage && vain === pages.length;
  useEffect(() => {
    if (isAllVain && !tired && !isFetchingNextPage) void fetchNextPage();
  }, [isAllVain, tired, isFetchingNextPage, fetchNextPage, pages.length]);
  return tired;
}

function Further({ onFurther }: { onFurther: () => void }) {
  return <div className="list-further" role="status"><p>{t("list.tired")}</p><button type="button" className="button" onClick={onFurther}>{t("list.further")}</button></div>;
}

function EmptyList({ filter }: { filter: ListFilter }) {
  if (filter.q) return <Empty icon="search" title={t("list.noResults")} why={t("list.noResults.why")} />;
  if (filter.view === "mine") return <Empty icon="inbox" title={t("list.emptyMine")} why={t("list.emptyMine.why")} />;
  return <Empty icon="inbox" title={t("list.empty")} why={t("list.empty.why")} />;
}
