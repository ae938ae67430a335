// What one says of a key, new or to be changed, and what is wrong with it before it is sent.
import { useForm } from '@mantine/form';
import type { Key } from '../api/nouns';
import { mergedFields, mergedLines } from '../ui/merge';
import { ENVIRONMENTS } from './environment';
import type { Expiry } from './expiry';

/** Chosen in place of the three environments: the field `word` says which. */
export const OWN_WORD = 'other';
/** Chosen where the end of a key stays as it is. */
export const KEPT = 'kept';

export type KeyDraft = {
  name: string;
  environment: string;
  word: string;
  sharing: 'own' | 'shared';
  holder: string;
  apis: string[];
  expiry: Expiry | typeof KEPT;
  metadata: Pair[];
};

/** A pair of metadata while it is written. */
export type Pair = { name: string; value: string };
/** Pairs of one key, as the API allows. */
export const PAIR_LIMIT = 20;

/** A key that is held by who makes it, unless they say otherwise. */
export const newDraft = (me: string): KeyDraft => ({
  name: '',
  environment: ENVIRONMENTS[0],
  word: '',
  sharing: 'own',
  holder: me,
  apis: [],
  expiry: 'never',
  metadata: [],
});

export function draftOfKey({ name, environment, sharing, holder, apis, metadata }: Key): KeyDraft {
  const isKnown = ENVIRONMENTS.some((known) => known === environment);
  const where = isKnown ? { environment, word: '' } : { environment: OWN_WORD, word: environment };
  return { name, ...where, sharing, holder: holder?.id ?? '', apis, expiry: KEPT, metadata: pairsOf(metadata) };
}

export const pairsOf = (metadata: Key['metadata']): Pair[] =>
  Object.entries(metadata).map(([name, value]) => ({ name, value }));

/** As the API takes them; a line without a name is none. */
export const metadataOf = (pairs: readonly Pair[]) =>
  Object.fromEntries(pairs.filter(({ name }) => name.trim()).map(({ name, value }) => [name.trim(), value.trim()]));

/** Somebody's draft on top of what the key is now: each field by itself, each pair by its name. */
export const onTop = (base: KeyDraft, mine: KeyDraft, theirs: KeyDraft): KeyDraft => ({
  ...mergedFields(base, mine, theirs),
  metadata: mergedLines(base.metadata, mine.metadata, theirs.metadata, ({ name }) => name),
});

export function useKeyForm(initialValues: KeyDraft) {
  return useForm({
    initialValues,
    validate: {
      name: (name) => (name.trim() ? null : 'Give it a name that your team will recognise in the log'),
      word: (word, { environment }) =>
        environment !== OWN_WORD || word.trim() ? null : 'Say what this environment is called',
      metadata: {
        name: (name, { metadata }) =>
          metadata.filter((pair) => pair.name.trim() && pair.name.trim() === name.trim()).length > 1
            ? 'Another pair has this name'
            : null,
        value: (value, { metadata }, path) => {
          const place = Number(path.split('.')[1]);
          return metadata[place]?.name.trim() && !value.trim() ? 'Write what it says, or take the pair away' : null;
        },
      },
    },
  });
}

export type KeyForm = ReturnType<typeof useKeyForm>;

export const environmentOf = ({ environment, word }: KeyDraft) =>
  environment === OWN_WORD ? word.trim() : environment;
