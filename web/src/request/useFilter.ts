// The filter in the address bar, and a way to change it.
import { useMemo } from 'react';
import { useUrl } from '../ui/url';
import { filterSearch, parseFilter, type RequestFilter } from './filter';

export function useFilter(): [RequestFilter, (filter: RequestFilter) => void] {
  const [search, change] = useUrl();
  const filter = useMemo(() => parseFilter(search), [search]);
  return [filter, (next) => change(filterSearch(next))];
}
