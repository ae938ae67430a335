// Which account the pages are about, and what one may do in it.
import { createContext, useContext } from 'react';
import type { Me, Seat } from '../api/nouns';

const REMEMBERED = 'keyward-account';

/** The seat asked for in the URL, else the remembered one, else the first active one, else any. */
export function chooseSeat(me: Me, asked: string | undefined): Seat | undefined {
  const { seats } = me;
  const wanted = (id: string | null | undefined) => (id ? seats.find((seat) => seat.account.id === id) : undefined);
  return wanted(asked) ?? wanted(remembered()) ?? seats.find((seat) => seat.state === 'active') ?? seats[0];
}

export function rememberAccount(id: string) {
  try {
    localStorage.setItem(REMEMBERED, id);
  } catch {
    // A browser that keeps nothing still works: the first account is used.
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

export const SeatContext = createContext<Seat | null>(null);

/** The seat in use; only inside the shell. */
export function useSeat(): Seat {
  const seat = useContext(SeatContext);
  if (seat === null) throw new Error('useSeat is for pages inside the shell');
  return seat;
}

/** The id of the account in use, for the paths of the API. */
export const useAccountId = () => useSeat().account.id;

/** Whether one holds a permission (by its name in the API, `teamwork.invite`) in the account in use. */
export function useMay(): (permission: string) => boolean {
  const { permissions } = useSeat();
  return (permission) => permissions.includes(permission);
}

/** Why a button is off for want of a permission; null if it is not. */
export function useWhyNot(): (permission: string) => string | null {
  const may = useMay();
  const { owner } = useSeat();
  return (permission) => (may(permission) ? null : `You need ${permission} for this. ${owner.name} can give it to you.`);
}
