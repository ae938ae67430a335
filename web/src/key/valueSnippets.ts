// The snippets that come with a new value: "Football, curl" is the program curl for the API Football.
import type { NewValue } from '../api/nouns';
import type { Snippet } from '../ui/snippets';

export type ApiSnippets = { api: string; snippets: Snippet[] };

/** By API, in the order in which they came; a title without an API stands under an empty name. */
export function byApi(snippets: NewValue['snippets']): ApiSnippets[] {
  const found = new Map<string, Snippet[]>();
  for (const { title, code } of snippets) {
    const [, api = '', program = title] = /^(.*), ([^,]+)$/.exec(title) ?? [];
    found.set(api, [...(found.get(api) ?? []), { title: program, code }]);
  }
  return [...found].map(([api, list]) => ({ api, snippets: list }));
}
