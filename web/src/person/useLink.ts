// The token of a mailed link: read from the address once, taken out of it, and looked up without using it.
import { useCallback, useEffect, useState } from 'react';
import { answer, client } from '../api/client';
import type { LinkInfo } from '../api/nouns';

export type Link = { token: string; info: LinkInfo | null; error: unknown; lookAgain: () => void };

export function useLink(): Link {
  const [token] = useState(() => window.location.hash.slice(1));
  const [info, setInfo] = useState<LinkInfo | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);

  useEffect(() => {
    // Neither the history of the browser nor a shared screen should keep it.
    if (window.location.hash !== '') window.history.replaceState(window.history.state, '', window.location.pathname);
  }, []);

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
