// The token of a mailed link, and what the API says of it without using it.
import { useCallback, useEffect, useState } from 'react';
import { answer, client } from '../api/client';
import type { LinkInfo } from '../api/nouns';
import { useToken } from './useToken';

export type Link = { token: string; info: LinkInfo | null; error: unknown; lookAgain: () => void };

export function useLink(): Link {
  const token = useToken();
  const [info, setInfo] = useState<LinkInfo | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);

  useEffect(() => {
    let stale = false;
    if (token === '') return;
    answer(client.POST('/links/look-up', { body: { token } })).then(
      (found) => {
        if (!stale) setInfo(found);
      },
      (refusal: unknown) => {
        if (!stale) setError(refusal);
      },
    );
    return () => {
      stale = true;
    };
  }, [token, round]);

  const lookAgain = useCallback(() => {
    setInfo(null);
    setError(null);
    setRound((before) => before + 1);
  }, []);

  return { token, info, error, lookAgain };
}
