// What one says of a key, new or to be changed, and what is wrong with it before it is sent.
import { useForm } from '@mantine/form';
import type { Key } from '../api/nouns';
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
};

/** A key that is held by who makes it, unless they say otherwise. */
export const newDraft = (me: string): KeyDraft => ({
  name: '',
  environment: ENVIRONMENTS[0],
  word: '',
  sharing: 'own',
  holder: me,
  apis: [],
  expiry: 'never',
});

export function draftOfKey({ name, environment, sharing, holder, apis }: Key): KeyDraft {
  const isKnown = ENVIRONMENTS.some((known) => known === environment);
  const where = isKnown ? { environment, word: '' } : { environment: OWN_WORD, word: environment };
  return { name, ...where, sharing, holder: holder?.id ?? '', apis, expiry: KEPT };
}

export function useKeyForm(initialValues: KeyDraft) {
  return useForm({
    initialValues,
    validate: {
      name: (name) => (name.trim() ? null : 'Give it a name that your team will recognise in the log'),
      word: (word, { environment }) =>
        environment !== OWN_WORD || word.trim() ? null : 'Say what this environment is called',
    },
  });
}

export type KeyForm = ReturnType<typeof useKeyForm>;

export const environmentOf = ({ environment, word }: KeyDraft) =>
  environment === OWN_WORD ? word.trim() : environment;
