// What a filter can be set to, and how its values are called on the page.
import { useQuery } from '@tanstack/react-query';
import { useInstance } from '../account/query';
import { useAccountId, useMay } from '../account/seat';
import { KINDS } from '../allowlist/allowlist';
import { WORDS } from '../allowlist/words';
import type { Stats } from '../api/nouns';
import { keysQuery } from '../key/query';
import type { Field } from './filter';
import { OUTCOMES } from './verdict';

export type Option = { value: string; label: string };
/** `options` null: any text; `members`: one of the account's. */
export type FieldChoice = { field: Field; title: string; options: Option[] | 'members' | null; placeholder: string };

/** The fields one can filter by here; members only for those who may know them. */
export function useChoices(stats: Stats | undefined): FieldChoice[] {
  const account = useAccountId();
  const mayTeam = useMay()('teamwork.view');
  const keys = useQuery(keysQuery(account)).data ?? [];
  const apis = useInstance().data?.apis ?? [];
  const networks = [...new Set(apis.flatMap((api) => api.networks))];
  const same = (value: string): Option => ({ value, label: value });
  const named = ({ id, name }: { id: string; name: string }): Option => ({ value: id, label: name });
  const choices: FieldChoice[] = [
    { field: 'member', title: 'Member', options: mayTeam ? 'members' : [], placeholder: 'Whose calls' },
    { field: 'key', title: 'Key', options: keys.map(named), placeholder: 'Which key' },
    {
      field: 'outcome',
      title: 'Outcome',
      options: Object.entries(OUTCOMES).map(([value, label]) => ({ value, label })),
      placeholder: 'How it ended',
    },
    {
      field: 'denial',
      title: 'Denial code',
      options: (stats?.by_denial ?? []).map(({ code }) => same(code)),
      placeholder: 'Why it was denied',
    },
    {
      field: 'observed',
      title: 'Observed by',
      options: KINDS.map((kind) => ({ value: kind, label: WORDS[kind].title })),
      placeholder: 'Which list would have denied it',
    },
    {
      field: 'api',
      title: 'API',
      options: apis.map((api) => ({ value: api.name, label: api.title })),
      placeholder: 'Which API',
    },
    { field: 'network', title: 'Network', options: networks.map(same), placeholder: 'Which network' },
    { field: 'method', title: 'Method', options: null, placeholder: 'eth_call, GET /leagues' },
    { field: 'status', title: 'Status', options: null, placeholder: '429' },
  ];
  return choices.filter(({ options }) => options === null || options.length > 0);
}
