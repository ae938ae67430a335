// What one says of a new key, and what is wrong with it before it is sent.
import { useForm } from '@mantine/form';
import { ENVIRONMENTS } from './environment';
import type { Expiry } from './expiry';

/** Chosen in place of the three environments: the field `word` says which. */
export const OWN_WORD = 'other';

export type KeyDraft = {
  name: string;
  environment: string;
  word: string;
  sharing: 'own' | 'shared';
  holder: string;
  apis: string[];
  expiry: Expiry;
};

export function useKeyForm(me: string) {
  return useForm({
    initialValues: {
      name: '',
      environment: ENVIRONMENTS[0],
      word: '',
      sharing: 'own',
      holder: me,
      apis: [],
      expiry: 'never',
    } as KeyDraft,
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
