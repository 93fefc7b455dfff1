import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";

import { fetchPage, keys, type Collection, type ListQuery } from "../api/queries";

const AT_ONCE = 25;

/** A list that grows while one reads on. */
export function useGrowing<C extends Collection>(collection: C, query: ListQuery) {
  const found = useInfiniteQuery({
    queryKey: [...keys.lists(collection), "growing", query],
    queryFn: ({ pageParam }) => fetchPage(collection, { pageSize: AT_ONCE, ...query, pageToken: pageParam }),
    initialPageParam: "",
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
    placeholderData: keepPreviousData,
  });
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  return {
    /** Nothing until they are known. */
    records: data?.pages.flatMap((page) => page.records),
    error,
    refetch: () => void refetch(),
    more: hasNextPage ? { fetching: isFetchingNextPage, fetch: () => void fetchNextPage() } : undefined,
  };
}
