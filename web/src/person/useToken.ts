// The token of a mailed link: read from the address once, and taken out of it.
import { useEffect, useState } from 'react';

/** Empty where the address holds none. */
export function useToken(): string {
  const [token] = useState(() => window.location.hash.slice(1));
  useEffect(() => {
    // Neither the history of the browser nor a shared screen should keep it.
    if (window.location.hash !== '') window.history.replaceState(window.history.state, '', window.location.pathname);
  }, []);
  return token;
}
